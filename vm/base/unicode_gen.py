#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""unicode_gen.py DIRECTORY > unicode_tables.c - the tables behind unicode.h.

DIRECTORY holds these files of one Unicode version, as unicode.org publishes them (ucd/, ucd/emoji/, emoji/):
UnicodeData CaseFolding SpecialCasing PropList DerivedCoreProperties DerivedNormalizationProps
DerivedBinaryProperties Scripts ScriptExtensions PropertyValueAliases emoji-data emoji-sequences
emoji-zwj-sequences, each .txt. The result is committed, so a build needs neither the files nor Python.

The encodings are described beside their declarations in unicode_int.h; a change there is a change here.
"""
import os
import re
import sys

LAST = 0x10FFFF

# ECMA-262 table 68: binary properties and their aliases. ANY, ASCII and ASSIGNED need no table of their own.
BINARY = """
Alphabetic/Alpha ASCII_Hex_Digit/AHex Bidi_Control/Bidi_C Bidi_Mirrored/Bidi_M Case_Ignorable/CI Cased
Changes_When_Casefolded/CWCF Changes_When_Casemapped/CWCM Changes_When_Lowercased/CWL
Changes_When_NFKC_Casefolded/CWKCF Changes_When_Titlecased/CWT Changes_When_Uppercased/CWU Dash
Default_Ignorable_Code_Point/DI Deprecated/Dep Diacritic/Dia Emoji Emoji_Component/EComp Emoji_Modifier/EMod
Emoji_Modifier_Base/EBase Emoji_Presentation/EPres Extended_Pictographic/ExtPict Extender/Ext
Grapheme_Base/Gr_Base Grapheme_Extend/Gr_Ext Hex_Digit/Hex IDS_Binary_Operator/IDSB
IDS_Trinary_Operator/IDST ID_Continue/IDC ID_Start/IDS Ideographic/Ideo Join_Control/Join_C
Logical_Order_Exception/LOE Lowercase/Lower Math Noncharacter_Code_Point/NChar Pattern_Syntax/Pat_Syn
Pattern_White_Space/Pat_WS Quotation_Mark/QMark Radical Regional_Indicator/RI Sentence_Terminal/STerm
Soft_Dotted/SD Terminal_Punctuation/Term Unified_Ideograph/UIdeo Uppercase/Upper Variation_Selector/VS
White_Space/space XID_Continue/XIDC XID_Start/XIDS
""".split()

# ECMA-262 table 69: properties of strings. RGI_Emoji is the union of the six others.
STRINGS = ["Basic_Emoji", "Emoji_Keycap_Sequence", "RGI_Emoji_Modifier_Sequence", "RGI_Emoji_Flag_Sequence",
           "RGI_Emoji_Tag_Sequence", "RGI_Emoji_ZWJ_Sequence"]

# In the order of the bits of UnicodeProperty.value.
CATEGORIES = """Cn Cc Cf Co Cs Ll Lm Lo Lt Lu Mc Me Mn Nd Nl No Pc Pd Pe Pf Pi Po Ps Sc Sk Sm So Zl Zp
Zs""".split()
GROUPS = {"LC": ["Ll", "Lt", "Lu"]}

directory = ""


def rows(name):
    """The fields of each line of a data file, comments off."""
    with open(os.path.join(directory, name + ".txt"), encoding="utf-8") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                yield [field.strip() for field in line.split(";")]


def code_points(field):
    first, _, last = field.partition("..")
    return range(int(first, 16), int(last or first, 16) + 1)


def version():
    with open(os.path.join(directory, "CaseFolding.txt"), encoding="utf-8") as file:
        return re.search(r"CaseFolding-(\d+\.\d+\.\d+)\.txt", file.readline()).group(1)


def read_binary():
    """Property name -> set of code points."""
    sets = {}
    for name in ("PropList", "DerivedCoreProperties", "DerivedNormalizationProps", "DerivedBinaryProperties",
                 "emoji-data"):
        for fields in rows(name):
            if len(fields) == 2:
                sets.setdefault(fields[1], set()).update(code_points(fields[0]))
    return sets


def read_unicode_data():
    """Categories of all code points, and the simple upper case mapping."""
    category = ["Cn"] * (LAST + 1)
    upper = {}
    range_first = None
    for fields in rows("UnicodeData"):
        code = int(fields[0], 16)
        if fields[1].endswith(", First>"):
            range_first = code
            continue
        for c in range(range_first if range_first is not None else code, code + 1):
            category[c] = fields[2]
        range_first = None
        if fields[12]:
            upper[code] = int(fields[12], 16)
    return category, upper


def read_aliases(kind):
    """Lists of names, long name first."""
    result = []
    for fields in rows("PropertyValueAliases"):
        if fields[0] == kind:
            names = [fields[2], fields[1]] + fields[3:]
            result.append(list(dict.fromkeys(names)))
    return result


# ---- encoding ----

def varint(value):
    """Seven bits a byte, least significant first, the top bit says that more follow."""
    out = []
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return out + [value]


def ranges_of(points):
    """Sorted (first, last) pairs of a set."""
    result = []
    for c in sorted(points):
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def encode_ranges(points):
    out, at = [], 0
    for first, last in ranges_of(points):
        out += varint(first - at) + varint(last - first)
        at = last + 1
    return out


def runs_of(values):
    """(length, value) of the maximal runs of a list."""
    result = []
    for v in values:
        if result and result[-1][1] == v:
            result[-1][0] += 1
        else:
            result.append([1, v])
    return result


def encode_categories(category):
    """A byte category << 3 | n; n = 1..7 is the length of the run, n = 0 puts it into a varint behind."""
    out = []
    for length, name in runs_of(category):
        code = CATEGORIES.index(name) << 3
        out += [code | length] if length < 8 else [code] + varint(length)
    return out


def case_runs(mapping):
    """Runs (first, count, stride, delta) with mapping[first + i * stride] = first + i * stride + delta."""
    rest = dict(mapping)
    result = []
    while rest:
        first = min(rest)
        delta = rest[first] - first
        best = []
        for stride in (1, 2):
            run = [first]
            while rest.get(run[-1] + stride) == run[-1] + stride + delta:
                run.append(run[-1] + stride)
            if len(run) > len(best):
                best, best_stride = run, stride
        result.append((first, len(best), best_stride, delta))
        for c in best:
            del rest[c]
    return sorted(result)


# ---- output ----

def put_array(ctype, name, values, comment):
    print(f"\n/* {comment} */")
    print(f"const {ctype} {name}[] = {{")
    line = "   "
    for v in values:
        text = f" {v},"
        if len(line) + len(text) > 110:
            print(line)
            line = "   "
        line += text
    print(line)
    print("};")


def put_names(prefix, entries):
    """entries: (name, value). Sorted by name for binary search; a name is an offset into one text."""
    entries = sorted(entries)
    text, offsets = "", []
    for name, _ in entries:
        offsets.append(len(text))
        text += name + "\0"
    print(f"\nconst char unicode_{prefix}_text[] =")
    for name, _ in entries:
        print(f'    "{name}\\0"')
    print("    ;")
    print(f"\nconst UnicodeName unicode_{prefix}_names[] = {{")
    line = "   "
    for (name, value), offset in zip(entries, offsets):
        item = f" {{ {offset}, {value} }},"
        if len(line) + len(item) > 110:
            print(line)
            line = "   "
        line += item
    print(line)
    print("};")
    print(f"const uint32_t unicode_{prefix}_name_count = {len(entries)};")


def put_identifiers(binary):
    start, part = binary["ID_Start"], binary["ID_Continue"]
    limit = (max(start) >> 8) + 1
    beyond = ranges_of(c for c in part if c >= limit << 8)
    assert len(beyond) == 1, beyond
    pages, index = [], []
    for page in range(limit):
        bits = []
        for members in (start, part):
            for word in range(8):
                base = page * 256 + word * 32
                bits.append(sum(1 << i for i in range(32) if base + i in members))
        if bits not in pages:
            pages.append(bits)
        index.append(pages.index(bits))
    assert len(pages) <= 256
    print(f"\nconst uint32_t unicode_identifier_limit = {limit << 8};")
    print(f"const uint32_t unicode_identifier_beyond[2] = {{ {beyond[0][0]}, {beyond[0][1]} }};")
    put_array("uint8_t", "unicode_identifier_index", index, "page of identifier bits by code point >> 8")
    print("\n/* Eight words of ID_Start, eight of ID_Continue. */")
    print(f"const uint32_t unicode_identifier_pages[{len(pages)}][16] = {{")
    for bits in pages:
        words = [f"0x{b:x}" for b in bits]
        print("    { " + ", ".join(words[:8]) + ",\n      " + ", ".join(words[8:]) + " },")
    print("};")


def put_categories(category):
    put_array("uint8_t", "unicode_categories", encode_categories(category),
              "General_Category: runs, first the one at U+0000")
    entries = []
    for names in read_aliases("gc"):
        short = names[1]
        members = GROUPS.get(short) or [c for c in CATEGORIES if c == short or c[0] == short]
        mask = sum(1 << CATEGORIES.index(c) for c in members)
        entries += [(name, f"0x{mask:x}") for name in names]
    put_names("category", entries)


def put_scripts():
    aliases = read_aliases("sc")
    aliases.sort(key=lambda names: names[0] != "Unknown")          # Unknown is number 0
    number = {name: i for i, names in enumerate(aliases) for name in names}
    script = [0] * (LAST + 1)
    for fields in rows("Scripts"):
        for c in code_points(fields[0]):
            script[c] = number[fields[1]]
    encoded = []
    for length, value in runs_of(script):
        encoded += [value] + varint(length)
    put_array("uint8_t", "unicode_scripts", encoded, "Script: runs of number, varint length")

    extension = {}
    for fields in rows("ScriptExtensions"):
        scripts = tuple(sorted(number[s] for s in fields[1].split()))
        for c in code_points(fields[0]):
            extension[c] = scripts
    sets = sorted(set(extension.values()))
    encoded = []
    for scripts in sets:
        encoded += [len(scripts)] + list(scripts)
    put_array("uint8_t", "unicode_extension_sets", encoded, "sets of scripts: count, numbers")
    print(f"const uint32_t unicode_extension_set_count = {len(sets)};")
    encoded, at, points = [], 0, sorted(extension)
    while points:
        first = last = points[0]
        while last + 1 in extension and extension[last + 1] == extension[first]:
            last += 1
        encoded += varint(first - at) + varint(last - first) + varint(sets.index(extension[first]))
        at = last + 1
        points = [c for c in points if c > last]
    put_array("uint8_t", "unicode_extensions", encoded,
              "Script_Extensions where they differ from Script: gap, length - 1, number of the set")
    print(f"const uint32_t unicode_extension_bytes = {len(encoded)};")
    put_names("script", [(name, number[name]) for names in aliases for name in names])


def put_binary(binary):
    encoded, offsets, entries = [], [], []
    for i, names in enumerate(BINARY):
        names = names.split("/")
        offsets.append(len(encoded))
        encoded += encode_ranges(binary[names[0]])
        entries += [(name, i) for name in names]
    offsets.append(len(encoded))
    entries += [("Any", "UNICODE_ANY"), ("ASCII", "UNICODE_ASCII"), ("Assigned", "UNICODE_ASSIGNED")]
    put_array("uint8_t", "unicode_binary", encoded, "binary properties: gap, length - 1 of each range")
    put_array("uint32_t", "unicode_binary_offsets", offsets, "where each begins; one more ends the last")
    put_names("binary", entries)


def put_strings():
    sequences = {name: set() for name in STRINGS}
    for file in ("emoji-sequences", "emoji-zwj-sequences"):
        for fields in rows(file):
            if ".." in fields[0]:
                sequences[fields[1]].update((c,) for c in code_points(fields[0]))
            else:
                sequences[fields[1]].add(tuple(int(c, 16) for c in fields[0].split()))
    frequency = {}
    for members in sequences.values():
        for s in members:
            for c in s:
                frequency[c] = frequency.get(c, 0) + (len(s) > 1)
    alphabet = sorted((c for c in frequency if frequency[c]), key=lambda c: (-frequency[c], c))
    code = {c: i for i, c in enumerate(alphabet)}
    put_array("uint32_t", "unicode_string_alphabet", alphabet, "characters of sequences, most frequent first")
    encoded, offsets = [], []
    for name in STRINGS:
        offsets.append(len(encoded))
        singles = encode_ranges(s[0] for s in sequences[name] if len(s) == 1)
        encoded += varint(len(singles)) + singles
        for s in sorted(s for s in sequences[name] if len(s) > 1):
            encoded.append(len(s))
            for c in s:
                encoded += varint(code[c])
    offsets.append(len(encoded))
    put_array("uint8_t", "unicode_strings", encoded,
              "per property: bytes of ranges, ranges; then sequences: length, places in the alphabet")
    put_array("uint32_t", "unicode_string_offsets", offsets, "where each begins; one more ends the last")
    put_names("string", [(name, i) for i, name in enumerate(STRINGS)] + [("RGI_Emoji", "UNICODE_RGI_EMOJI")])


def put_case(upper):
    fold = {}
    for fields in rows("CaseFolding"):
        if fields[1] in "CS":
            fold[int(fields[0], 16)] = int(fields[2], 16)

    # Canonicalize of ECMA-262 22.2.2.7.3 without u and v: toUppercase of one code unit, unless that gives
    # several units or turns a character beyond ASCII into ASCII.
    special = {int(f[0], 16): f[3].split() for f in rows("SpecialCasing") if len(f) == 5 or not f[4]}
    legacy = {}
    for c in range(0x10000):
        full = [int(u, 16) for u in special[c]] if c in special else [upper.get(c, c)]
        if len(full) == 1 and full[0] != c and full[0] < 0x10000 and not (c >= 0x80 > full[0]):
            legacy[c] = full[0]
    for name, mapping in (("simple", fold), ("legacy", legacy)):
        assert not any(target in mapping for target in mapping.values()), "folding is idempotent"
        runs = case_runs(mapping)
        print(f"\nconst UnicodeCaseRun unicode_case_{name}[] = {{")
        line = "   "
        for run in runs:
            text = " { %d, %d, %d, %d }," % run
            if len(line) + len(text) > 110:
                print(line)
                line = "   "
            line += text
        print(line)
        print("};")
        print(f"const uint32_t unicode_case_{name}_count = {len(runs)};")


def main():
    global directory
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = sys.argv[1]
    binary = read_binary()
    category, upper = read_unicode_data()
    print("/* SPDX-License-Identifier: MIT AND Unicode-3.0 */")
    print("/* unicode_tables.c - generated by unicode_gen.py; do not edit.")
    print(" * Data (c) Unicode, Inc., https://www.unicode.org/license.txt. */")
    print('#include "vm/base/unicode_int.h"')
    print(f'\nconst char unicode_tables_version[] = "{version()}";')
    put_identifiers(binary)
    put_categories(category)
    put_scripts()
    put_binary(binary)
    put_strings()
    put_case(upper)


main()
