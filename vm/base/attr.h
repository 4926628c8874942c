/* SPDX-License-Identifier: MIT */
/* attr.h - what C17 lacks a word for: branch hints and the attributes we use, by name. */
#ifndef US_BASE_ATTR_H
#define US_BASE_ATTR_H

#define LIKELY(x)      __builtin_expect(!!(x), 1)
#define UNLIKELY(x)    __builtin_expect(!!(x), 0)
#define NODISCARD      __attribute__((warn_unused_result))
#define NORETURN       __attribute__((noreturn))
#define COLD           __attribute__((cold, noinline))
#define NOINLINE       __attribute__((noinline))
#define ALWAYS_INLINE  inline __attribute__((always_inline))
#define UNUSED         __attribute__((unused))
#define PURE           __attribute__((pure))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Documentation for the reader, proof in checked builds through ASSERT_HELD: clang 14 cannot name a sibling
 * field in its guarded_by attribute. */
#define GUARDED_BY(lock)

/* What two processors write at once should not be nearer to each other. */
enum { CACHE_LINE_BYTES = 64 };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif
#ifndef WITH_ASAN
#define WITH_ASAN 0
#endif

/* For a function that reads memory whose layout and owner it does not know. */
#if WITH_ASAN
#define NO_ASAN __attribute__((no_sanitize_address))
#elif defined(__SANITIZE_THREAD__)
#define NO_ASAN __attribute__((no_sanitize_thread))
#else
#define NO_ASAN
#endif

#endif
