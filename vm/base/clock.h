#ifndef US_BASE_CLOCK_H
#define US_BASE_CLOCK_H
#include <stdint.h>
int64_t clock_monotonic_ns(void);
int64_t clock_wall_ns(void);
#endif
