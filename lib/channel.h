/* SPDX-License-Identifier: MIT */
/* channel.h - the cells of channel iterators. */
#ifndef US_LIB_CHANNEL_H
#define US_LIB_CHANNEL_H

void lib_channel_register_kinds(void);

#endif
