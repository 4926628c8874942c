/* SPDX-License-Identifier: MIT */
/* process_int.h - the parts that make up `process`. */
#ifndef US_LIB_PROCESS_INT_H
#define US_LIB_PROCESS_INT_H

#include "lib/install.h"

/** on, once, off, emit and their kin (process_events.c). */
void lib_process_install_events(const Lib *lib, Value target);

/** hrtime, uptime, memoryUsage, and the global `performance` (process_time.c). */
void lib_process_install_time(const Lib *lib, Value process);

/** Throw an Error with the system's words for errno: "ENOENT: no such file or directory, chdir '/x'". */
Value lib_process_throw_system(Goroutine *g, const char *call, const char *path);

/** process.env (environment.c). */
Value lib_process_new_environment(const Lib *lib);
void lib_process_register_kinds(void);

/** stdin, stdout, stderr (stream.c). */
Value lib_process_new_stream(const Lib *lib, int fd);

#endif
