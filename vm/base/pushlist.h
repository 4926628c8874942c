/* SPDX-License-Identifier: MIT */
/* pushlist.h - lists that any thread pushes to and one takes all of, linked through their items, latest first.
 *
 *     #define LINK(item) (item)->next             // an lvalue
 *     PUSHLIST_PUSH(&head, item, LINK);
 *     T *oldest = PUSHLIST_REVERSE(atomic_swap_acq_rel(&head, NULL), NULL, LINK); */
#ifndef US_BASE_PUSHLIST_H
#define US_BASE_PUSHLIST_H

#include "vm/base/atomic.h"

#define PUSHLIST_PUSH(head, item, LINK)                                                          \
    do {                                                                                         \
        __typeof__(item) first_ = atomic_get_relaxed(head);                                      \
        do LINK(item) = first_;                                                                  \
        while (!atomic_cas((head), &first_, (item)));                                            \
    } while (0)

/* The oldest item of a list that was taken and ends with `end`, linked in the order in which they were pushed. */
#define PUSHLIST_REVERSE(latest, end, LINK)                                                      \
    ({                                                                                           \
        __typeof__(latest) item_ = (latest), oldest_ = (end);                                    \
        while (item_ != (end)) {                                                                 \
            __typeof__(item_) next_ = LINK(item_);                                               \
            LINK(item_) = oldest_;                                                               \
            oldest_ = item_;                                                                     \
            item_ = next_;                                                                       \
        }                                                                                        \
        oldest_;                                                                                 \
    })

#endif
