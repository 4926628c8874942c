#ifndef US_BASE_OS_H
#define US_BASE_OS_H
#include <stdbool.h>
#include <stddef.h>
void *os_reserve(size_t size_bytes, size_t alignment);
bool os_commit(void *p, size_t size_bytes);
void os_decommit(void *p, size_t size_bytes);
void os_discard(void *p, size_t size_bytes);
void os_release(void *p, size_t size_bytes);
#endif
