//! What the system may do to a process in the middle of a call: fork it, or cancel a thread.

#[cfg(unix)]
pub(in crate::ffi) use on_unix::{Uncancelable, forks};

/// Where there is no fork, and no thread that is canceled from outside.
#[cfg(not(unix))]
pub(in crate::ffi) use elsewhere::{Uncancelable, forks};

#[cfg(unix)]
mod on_unix {
    use std::sync::Once;
    use std::sync::atomic::{AtomicU32, Ordering};

    static FORKS: AtomicU32 = AtomicU32::new(0);

    /// How many forks lie between the first process and this one, since the first call. No system call.
    pub(in crate::ffi) fn forks() -> u32 {
        extern "C" fn in_the_child() {
            FORKS.fetch_add(1, Ordering::Relaxed);
        }
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // It fails where there is no memory alone; forks then go unnoticed.
            // SAFETY: the function lives as long as the library, with which the system forgets it, and is fit for a signal
            // handler, as a child of several threads asks.
            unsafe { libc::pthread_atfork(None, None, Some(in_the_child)) };
        });
        FORKS.load(Ordering::Relaxed)
    }

    /// While it lives, the thread is not canceled (pthread_cancel): that would unwind frames that Rust cannot unwind, and end
    /// the process.
    pub(in crate::ffi) struct Uncancelable {
        #[cfg(not(any(target_os = "android", target_os = "espidf")))]
        before: libc::c_int,
    }

    #[cfg(any(target_os = "android", target_os = "espidf"))]
    impl Uncancelable {
        /// There is no such thing there.
        pub(in crate::ffi) fn begin() -> Self {
            Uncancelable {}
        }
    }

    #[cfg(not(any(target_os = "android", target_os = "espidf")))]
    mod cancel {
        use super::Uncancelable;

        /// PTHREAD_CANCEL_DISABLE of the system's pthread.h.
        const DISABLE: libc::c_int = if cfg!(target_vendor = "apple") { 0 } else { 1 };

        unsafe extern "C" {
            // POSIX; the libc crate does not have it.
            fn pthread_setcancelstate(state: libc::c_int, before: *mut libc::c_int) -> libc::c_int;
        }

        impl Uncancelable {
            pub(in crate::ffi) fn begin() -> Self {
                let mut before = 0;
                // SAFETY: the state is one of the two; `before` may be written.
                unsafe { pthread_setcancelstate(DISABLE, &mut before) };
                Uncancelable { before }
            }
        }

        impl Drop for Uncancelable {
            fn drop(&mut self) {
                let mut ours = 0;
                // SAFETY: the state is the one that the system gave; `ours` may be written.
                unsafe { pthread_setcancelstate(self.before, &mut ours) };
            }
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    pub(in crate::ffi) fn forks() -> u32 {
        0
    }

    pub(in crate::ffi) struct Uncancelable;

    impl Uncancelable {
        pub(in crate::ffi) fn begin() -> Self {
            Uncancelable
        }
    }
}
