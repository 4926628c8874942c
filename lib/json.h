/* SPDX-License-Identifier: MIT */
/* json.h - JSON's kind of cell. */
#ifndef US_LIB_JSON_H
#define US_LIB_JSON_H

void json_register_kinds(void);

#endif
