/* Toll from C, and from whatever can call C: load a policy, feed it events as JSON lines, take the
 * ledger as JSON lines, keep and restore accounts. The library is libtoll; C++ has toll/policy.hpp
 * and toll/json.hpp, of which this is the same in plain C99.
 *
 * Texts are UTF-8. A text with a size need not end in a zero byte; one without must. What a
 * function is given is borrowed for the call; what it hands out says how long it lives. No function
 * throws, longjmps, or ends the process, unless the engine finds itself broken.
 *
 * Threads. A toll_policy is immutable: any number of threads may use it at once. A toll_runner
 * serves one thread at a time; different runners are independent, also those of one policy.
 * Whatever is freed must be in use by nobody.
 *
 * Versions. Within one TOLL_ABI_VERSION functions and constants are added and never changed;
 * structures that may grow begin with their size. */
#ifndef TOLL_TOLL_H
#define TOLL_TOLL_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define TOLL_API __attribute__((visibility("default")))
#else
#define TOLL_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define TOLL_ABI_VERSION 1

/* The version that the library has, to compare with what a program was compiled for. Any thread. */
TOLL_API uint32_t toll_abi_version(void);
/* Of the library itself: "0.1.0". Lives for ever. Any thread. */
TOLL_API const char* toll_version(void);

/* ---- How a call ended ---------------------------------------------------------------------------
 */

typedef int32_t toll_status;
enum {
  TOLL_OK = 0,
  TOLL_REFUSED =
      1, /* an event, or a timer, failed: an `error` entry was written, nothing else changed */
  TOLL_INVALID = 2, /* the call makes no sense: nothing was done */
  TOLL_POLICY = 3,  /* the policy has errors: the report says which */
  TOLL_STATE = 4, /* a saved state cannot be read, or its policy cannot hold it: nothing was done */
  TOLL_NO_MEMORY = 5, /* a runner that this happens to is broken */
  TOLL_BROKEN =
      6 /* a runner that failed before, or whose sink threw: free it, restore its accounts */
};

/* Why the last call of this thread that returned a status did not return TOLL_OK; "" if it did.
 * Lives until this thread's next call that returns one. Any thread. */
TOLL_API const char* toll_error(void);

/* ---- Policies -----------------------------------------------------------------------------------
 */

typedef struct toll_policy toll_policy;

/* What may be set when a policy is loaded; 0 and NULL stand for what is usual. */
typedef struct toll_options {
  size_t size;          /* of this structure: sizeof(toll_options) */
  const char* language; /* of reports: "en" or "zh" */
  /* What a rule file in Lua may use while it is read, and what a call of a hook may use. */
  size_t lua_source_bytes;
  uint64_t lua_steps;
  size_t lua_memory_bytes;
  size_t lua_text_bytes;
  uint64_t lua_milliseconds;
  size_t hook_source_bytes;
  uint64_t hook_steps;
  size_t hook_memory_bytes;
  size_t hook_text_bytes;
} toll_options;

/* A file in memory, with its path from the folder in which it might lie. */
typedef struct toll_file {
  const char* path;
  const char* text;
  size_t size;
} toll_file;

/* Reads a rule file, or all those of a folder. `options` may be NULL. TOLL_OK and TOLL_POLICY give
 * a policy, to be freed: without errors, or with its report alone. Otherwise *policy is NULL. Any
 * thread. */
TOLL_API toll_status toll_policy_load(const char* path, const toll_options* options,
                                      toll_policy** policy);
/* The same as if the files lay in a folder: rule files at its top, in the order of their names;
 * what they import or name, among them or below. Nothing is read from the disk but time zones. Any
 * thread. */
TOLL_API toll_status toll_policy_load_files(const toll_file* files, size_t count,
                                            const toll_options* options, toll_policy** policy);
/* What `toll check` says of it, warnings too; "" if nothing. Lives as long as the policy. Any
 * thread. */
TOLL_API const char* toll_policy_report(const toll_policy* policy);
/* NULL is fine. Runners made from it are not affected. */
TOLL_API void toll_policy_free(toll_policy* policy);

/* ---- Runners ------------------------------------------------------------------------------------
 */

typedef struct toll_runner toll_runner;

/* Is given a text, borrowed for the call. It must not call the runner that calls it (such a call
 * returns TOLL_INVALID). */
typedef void (*toll_sink)(void* context, const char* text, size_t size);

/* Holds accounts, by subject; none at first. `ledger` is given each entry, without a line end, on
 * the thread of the call that led to it and before that call returns; NULL: nobody is. */
TOLL_API toll_status toll_runner_new(const toll_policy* policy, toll_sink ledger, void* context,
                                     toll_runner** runner);
/* NULL is fine. From its own sink: it is freed when the call ends that the sink is part of. */
TOLL_API void toll_runner_free(toll_runner* runner);

/* Applies one event, a JSON object of the contract, to its account. `line_number` is told in
 * `error` entries; 0: not from a file. A repeat is TOLL_OK, with a `duplicate` entry. */
TOLL_API toll_status toll_runner_feed(toll_runner* runner, const char* line, size_t size,
                                      uint64_t line_number);
/* Fires the timers of all accounts that are due by a time (RFC 3339, with an offset); NULL: by the
 * latest time that an event has told. TOLL_REFUSED: a timer failed and stays armed. */
TOLL_API toll_status toll_runner_advance(toll_runner* runner, const char* time);

typedef struct toll_totals {
  size_t size; /* of this structure, to be set before the call */
  uint64_t events;
  uint64_t entries;
  uint64_t errors; /* of the entries */
  uint64_t accounts;
} toll_totals;
TOLL_API toll_status toll_runner_totals(const toll_runner* runner, toll_totals* totals);

/* Gives `sink` each account's subject, in the order in which they first appeared. */
TOLL_API toll_status toll_runner_accounts(toll_runner* runner, toll_sink sink, void* context);
/* Gives `sink` the state of an account, once, as a text to be kept. TOLL_INVALID: there is none. */
TOLL_API toll_status toll_runner_save(toll_runner* runner, const char* account, size_t size,
                                      toll_sink sink, void* context);
/* Gives an account the state that was saved, under the same or a later edition of its policy,
 * whatever it had before. */
TOLL_API toll_status toll_runner_restore(toll_runner* runner, const char* account, size_t size,
                                         const char* state, size_t state_size);

#ifdef __cplusplus
}
#endif

#endif
