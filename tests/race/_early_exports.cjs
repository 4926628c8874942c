// SPDX-License-Identifier: MIT
// Many exports, which others look for while they are being made.
const { COUNT, start } = require("./_early_reader.us")
start()
for (let i = 0; i < COUNT; i++) exports["k" + i * 47 % COUNT] = i * 47 % COUNT
