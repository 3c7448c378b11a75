/* What unwinds in Debian's GCC asks glibc 2.35 in which object an address is. This answers it under musl, which tells the
   same by dl_iterate_phdr. */
#define _GNU_SOURCE
#include <link.h>
#include <stddef.h>
#include <stdint.h>

/* struct dl_find_object of glibc, on processors of 64 bits. */
struct object {
    unsigned long long flags;
    void *start, *end;
    struct link_map *map;
    void *eh_frame_header;
    unsigned long long reserved[7];
};

struct search {
    uintptr_t address;
    struct object *object;
};

static int look(struct dl_phdr_info *info, size_t size, void *data) {
    struct search *search = data;
    void *header = NULL;
    int here = 0;
    (void)size;
    for (size_t i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t start = info->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_GNU_EH_FRAME) header = (void *)start;
        if (segment->p_type != PT_LOAD || search->address - start >= segment->p_memsz) continue;
        here = 1;
        search->object->start = (void *)start;
        search->object->end = (void *)(start + segment->p_memsz);
    }
    if (!here || header == NULL) return 0;
    search->object->eh_frame_header = header;
    return 1;
}

int _dl_find_object(void *address, struct object *object) {
    struct search search = {(uintptr_t)address, object};
    *object = (struct object){0};
    return dl_iterate_phdr(look, &search) ? 0 : -1;
}
