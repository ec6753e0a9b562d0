#!/usr/bin/env python3
"""Writes what the next version of npk_abi.h could be.

usage: next_header.py minor|major HEADER

minor: every table and record that has a struct_size gets a member at its end.
major: those and a new member in the middle of the host's and the plugin's table, so that nothing behind it is in its place.
"""
import re
import sys
from pathlib import Path

FUNCTION = "    uint64_t (*appended)(uint64_t number); /* of the next version: gives number + 1 */\n"
NUMBER = "    uint32_t appended;\n"  # for the one record without a pointer, whose alignment must stay


def enumerator(name, text):
    return int(re.search(rf"\b{name} = (\d+)", text).group(1))


def set_enumerator(name, value, text):
    return re.sub(rf"\b{name} = \d+", f"{name} = {value}", text)


def main(kind, header):
    text = Path(header).read_text()
    # The pinned sizes are those of this version.
    text = re.sub(r"^#if UINTPTR_MAX == UINT64_MAX\n.*?^#endif\n", "", text, flags=re.S | re.M)
    text, grown = re.subn(r"(typedef struct \w+ \{\n    uint32_t struct_size;.*?)(^\} \w+;)",
                          lambda struct: struct[1] + (NUMBER if "refusal" in struct[2] else FUNCTION) + struct[2], text, flags=re.S | re.M)
    if grown < 10:
        sys.exit(f"{header}: only {grown} structs have a struct_size")
    if kind == "major":
        text, moved = re.subn(r"(    uint32_t abi_version;\n)", r"\1    uint64_t moved[4];\n", text)
        if moved != 2:
            sys.exit(f"{header}: {moved} tables have an abi_version")
        text = set_enumerator("NPK_ABI_MAJOR", enumerator("NPK_ABI_MAJOR", text) + 1, text)
        text = set_enumerator("NPK_ABI_MINOR", 0, text)
    else:
        text = set_enumerator("NPK_ABI_MINOR", enumerator("NPK_ABI_MINOR", text) + 1, text)
    print(text, end="")


main(*sys.argv[1:])
