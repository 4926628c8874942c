/* SPDX-License-Identifier: MIT */
/* async_iterator.h - the cells of the async iterator over a sync one. */
#ifndef US_LIB_ASYNC_ITERATOR_H
#define US_LIB_ASYNC_ITERATOR_H

void async_iterator_register_kinds(void);

#endif
