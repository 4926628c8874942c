/* SPDX-License-Identifier: MIT */
/* encoding.h - TextDecoder's cell is known in encoding.c alone. */
#ifndef US_LIB_ENCODING_H
#define US_LIB_ENCODING_H

void encoding_register_kinds(void);

#endif
