/* SPDX-License-Identifier: MIT */
/* data_view.h - DataView's cell is known in data_view.c alone. */
#ifndef US_LIB_DATA_VIEW_H
#define US_LIB_DATA_VIEW_H

void data_view_register_kinds(void);

#endif
