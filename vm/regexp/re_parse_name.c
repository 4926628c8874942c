/* SPDX-License-Identifier: MIT */
/* re_parse_name.c - names of groups: reading, duplicates, references. */
#include "vm/base/hash.h"
#include "vm/regexp/re_parse_int.h"

const uint16_t *re_parse_name(ReParser *p, uint32_t *length)
{
    VEC(uint16_t) units = { 0 };
    for (;;) {
        uint32_t offset = p->at, c = re_parse_peek(p);
        if (c == RE_END) re_parse_fail(p, offset, "unterminated capture group name");
        if (c == '>' && units.count) break;
        c = re_parse_code_point(p);
        if (c == '\\' && (!re_parse_take(p, 'u') || !re_parse_escape_unicode(p, true, &c)))
            re_parse_fail(p, offset, "invalid Unicode escape");
        bool is_valid = units.count ? unicode_is_identifier_part(c) : unicode_is_identifier_start(c);
        if (!is_valid) re_parse_fail(p, offset, "invalid capture group name");
        uint16_t encoded[2];
        int count = utf_encode_utf16(c, encoded);
        for (int i = 0; i < count; i++) VEC_PUSH_ARENA(p->arena, &units, encoded[i]);
    }
    p->at++;
    *length = units.count;
    return units.items;
}

static ReNameEntry *name_find(const ReParser *p, const uint16_t *units, uint32_t length, uint32_t hash)
{
    if (!p->name_table_size) return NULL;
    for (uint32_t i = hash;; i++) {
        uint32_t slot = p->name_table[i & (p->name_table_size - 1)];
        if (slot == 0) return NULL;
        ReNameEntry *e = p->names.items[slot - 1];
        if (e->hash != hash || e->length != length) continue;
        if (!memcmp(e->units, units, length * sizeof *units)) return e;
    }
}

static void name_insert(ReParser *p, uint32_t index)
{
    uint32_t i = p->names.items[index]->hash;
    while (p->name_table[i & (p->name_table_size - 1)]) i++;
    p->name_table[i & (p->name_table_size - 1)] = index + 1;
}

static ReNameEntry *name_add(ReParser *p, const uint16_t *units, uint32_t length, uint32_t hash)
{
    ReNameEntry *e = ARENA_NEW(p->arena, ReNameEntry);
    e->units = units;
    e->length = length;
    e->hash = hash;
    VEC_PUSH_ARENA(p->arena, &p->names, e);
    if (p->names.count * 2 > p->name_table_size) {
        p->name_table_size = p->name_table_size ? p->name_table_size * 2 : 16;
        p->name_table = ARENA_ARRAY(p->arena, uint32_t, p->name_table_size);
        for (uint32_t i = 0; i < p->names.count; i++) name_insert(p, i);
    } else {
        name_insert(p, p->names.count - 1);
    }
    return e;
}

void re_parse_name_define(ReParser *p, const uint16_t *units, uint32_t length, uint32_t group,
                          uint32_t offset)
{
    uint32_t hash = hash_utf16(units, length);
    ReNameEntry *e = name_find(p, units, length, hash);
    if (!e) e = name_add(p, units, length, hash);
    if (e->is_active) re_parse_fail(p, offset, "duplicate capture group name");
    e->is_active = true;
    VEC_PUSH_ARENA(p->arena, &e->groups, group);
    VEC_PUSH_ARENA(p->arena, &p->active_names, e);
    VEC_PUSH_ARENA(p->arena, &p->tree->names, ((ReGroupName){ e->units, length, group }));
}

void re_parse_name_end_alternative(ReParser *p, uint32_t mark)
{
    for (uint32_t i = mark; i < p->active_names.count; i++) p->active_names.items[i]->is_active = false;
}

void re_parse_name_end_disjunction(ReParser *p, uint32_t mark)
{
    for (uint32_t i = mark; i < p->active_names.count; i++) p->active_names.items[i]->is_active = true;
}

void re_parse_name_resolve(ReParser *p)
{
    for (uint32_t i = 0; i < p->pending.count; i++) {
        const RePendingRef *ref = &p->pending.items[i];
        const ReNameEntry *e = name_find(p, ref->units, ref->length, hash_utf16(ref->units, ref->length));
        if (!e) re_parse_fail(p, ref->offset, "reference to a group name that does not exist");
        ref->node->backref.groups = e->groups.items;
        ref->node->backref.count = e->groups.count;
    }
}
