/* SPDX-License-Identifier: MIT */
/* unicode_int.h - the generated tables and how they are encoded.
 *
 * A varint has seven bits a byte, least significant first; the top bit says that more follow.
 * "Ranges" are pairs of varints (gap from the end of the last range, length - 1). */
#ifndef US_BASE_UNICODE_INT_H
#define US_BASE_UNICODE_INT_H

#include "vm/base/unicode.h"

/* A row of a table of names, sorted; `text` is an offset into the table's text of NUL-terminated names. */
typedef struct UnicodeName {
    uint16_t text;
    uint32_t value;
} UnicodeName;

/* Values in the tables of names that stand for no table row. */
enum { UNICODE_ANY = 0x100, UNICODE_ASCII, UNICODE_ASSIGNED, UNICODE_RGI_EMOJI };

extern const char unicode_tables_version[];

/* Identifiers: a page of bits by code point >> 8 below the limit, one range of ID_Continue beyond it. */
extern const uint32_t unicode_identifier_limit, unicode_identifier_beyond[2];
extern const uint8_t  unicode_identifier_index[];
extern const uint32_t unicode_identifier_pages[][16];

/* General_Category: a byte category << 3 | n per run; n = 1..7 is its length, n = 0 puts that into a varint
 * behind. */
extern const uint8_t     unicode_categories[];
extern const char        unicode_category_text[];
extern const UnicodeName unicode_category_names[];       // value: mask of categories
extern const uint32_t    unicode_category_name_count;

/* Script: number, varint length per run; number 0 is Unknown. Script_Extensions: only where they differ. */
extern const uint8_t     unicode_scripts[];
extern const uint8_t     unicode_extension_sets[];       // count, that many numbers; repeated
extern const uint32_t    unicode_extension_set_count;
extern const uint8_t     unicode_extensions[];           // varints gap, length - 1, number of the set
extern const uint32_t    unicode_extension_bytes;
extern const char        unicode_script_text[];
extern const UnicodeName unicode_script_names[];         // value: number of the script
extern const uint32_t    unicode_script_name_count;

/* Binary properties: ranges. */
extern const uint8_t     unicode_binary[];
extern const uint32_t    unicode_binary_offsets[];
extern const char        unicode_binary_text[];
extern const UnicodeName unicode_binary_names[];         // value: index into the offsets, or UNICODE_ANY ...
extern const uint32_t    unicode_binary_name_count;

/* Properties of strings: varint bytes of ranges, the ranges of single characters; then sequences, each a
 * length and that many varint places in the alphabet. */
extern const uint32_t    unicode_string_alphabet[];
extern const uint8_t     unicode_strings[];
extern const uint32_t    unicode_string_offsets[];
extern const char        unicode_string_text[];
extern const UnicodeName unicode_string_names[];     // value: index into the offsets, or UNICODE_RGI_EMOJI
extern const uint32_t    unicode_string_name_count;
enum { UNICODE_STRING_PROPERTIES = 6 };

extern const UnicodeCaseRun unicode_case_simple[], unicode_case_legacy[];
extern const uint32_t       unicode_case_simple_count, unicode_case_legacy_count;

#endif
