/* SPDX-License-Identifier: MIT */
/* iterator_int.h - what the files of Iterator share. */
#ifndef US_LIB_ITERATOR_INT_H
#define US_LIB_ITERATOR_INT_H

#include "lib/iterator.h"

void lib_iterator_install_helpers(const Lib *lib);

#endif
