//! Memory that is given back holds nothing: every block is wiped first, also those of the HTTP client, of TLS and of the
//! JSON reader, which do not know what a secret is.

use core::alloc::{GlobalAlloc, Layout};
use core::mem::MaybeUninit;
use core::{ptr, slice};

use zeroize::Zeroize;

use super::machine::Heap;

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: the heap does the work, and is asked for exactly what was asked for here.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise, passed on.
        unsafe { Heap.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise, passed on.
        unsafe { Heap.alloc_zeroed(layout) }
    }

    // Once, not wherever something is dropped: that is a fifth of the library.
    #[inline(never)]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this size and is the caller's to give back; its bytes need not be initialised.
        unsafe {
            slice::from_raw_parts_mut(block.cast::<MaybeUninit<u8>>(), layout.size()).zeroize();
            Heap.dealloc(block, layout);
        }
    }

    // Not the system's own: that would move the bytes and leave the old ones behind.
    #[inline(never)]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that `size` fits the alignment; both blocks are as large as what is copied.
        unsafe {
            let new = Layout::from_size_align_unchecked(size, layout.align());
            let moved = self.alloc(new);
            if !moved.is_null() {
                ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}
