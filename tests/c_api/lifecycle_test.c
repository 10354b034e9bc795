/* The C interface from its first call to its last: what comes out, who owns what, and that no
 * misuse that a program can see coming does anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <toll/toll.h>

static int checks = 0;
static int failures = 0;

static void check_at(int good, const char* what, int line) {
  ++checks;
  if (good) return;
  ++failures;
  fprintf(stderr, "line %d: %s (toll_error: %s)\n", line, what, toll_error());
}
#define CHECK(condition) check_at((condition) ? 1 : 0, #condition, __LINE__)

static const char kRules[] =
    "language 1\n"
    "policy meter\n"
    "currency EUR euro\n"
    "unit call\n"
    "domain plan { small, large }\n"
    "table rates by plan file \"rates.csv\"\n"
    "hook twice(n: number) -> number file \"programs/twice.lua\"\n"
    "account { total: number }\n"
    "entry seen { total: number }\n"
    "entry night { total: number }\n"
    "event tick {\n"
    "  field n: number required\n"
    "  field plan: known plan else \"unknown-plan\" required\n"
    "  total += twice(event.n)\n"
    "  emit seen { total = total }\n"
    "  arm later at now + 8 hours\n"
    "}\n"
    "timer later { emit night { total = twice(total) } }\n";
static const char kRates[] = "plan,rate: money\nsmall,1 euro\nlarge,2 euro\n";
static const char kProgram[] =
    "return { twice = function(n) if n == 13 then error('not this one') end return 2 * n end }\n";

static toll_file file(const char* path, const char* text) {
  toll_file made;
  made.path = path;
  made.text = text;
  made.size = strlen(text);
  return made;
}

static toll_policy* load_meter(void) {
  toll_file files[3];
  toll_policy* policy = NULL;
  files[0] = file("programs/twice.lua", kProgram);
  files[1] = file("meter.toll", kRules);
  files[2] = file("rates.csv", kRates);
  CHECK(toll_policy_load_files(files, 3, NULL, &policy) == TOLL_OK);
  CHECK(policy != NULL);
  return policy;
}

typedef struct {
  char text[8192];
  size_t size;
  int calls;
} kept;

static void keep(void* context, const char* text, size_t size) {
  kept* const all = (kept*)context;
  ++all->calls;
  if (all->size + size + 2 > sizeof all->text) return;
  memcpy(all->text + all->size, text, size);
  all->size += size;
  all->text[all->size++] = '\n';
  all->text[all->size] = '\0';
}

static const char kFirst[] =
    "{\"id\":\"1\",\"type\":\"tick\",\"subject\":\"a\",\"time\":\"2025-07-01T00:00:00Z\","
    "\"data\":{\"n\":3,\"plan\":\"small\"}}";
static const char kSecond[] =
    "{\"id\":\"2\",\"type\":\"tick\",\"subject\":\"a\",\"time\":\"2025-07-01T01:00:00Z\","
    "\"data\":{\"n\":4,\"plan\":\"large\"}}";
static const char kFailing[] =
    "{\"id\":\"3\",\"type\":\"tick\",\"subject\":\"a\",\"time\":\"2025-07-01T02:00:00Z\","
    "\"data\":{\"n\":13,\"plan\":\"large\"}}";

static toll_status feed(toll_runner* runner, const char* line) {
  return toll_runner_feed(runner, line, strlen(line), 0);
}

static void test_versions(void) {
  CHECK(toll_abi_version() == TOLL_ABI_VERSION);
  CHECK(strlen(toll_version()) >= 5);
}

static void test_events_in_ledger_out(void) {
  static kept ledger;
  toll_totals totals = {0};
  toll_policy* const policy = load_meter();
  toll_runner* runner = NULL;
  CHECK(toll_runner_new(policy, keep, &ledger, &runner) == TOLL_OK);
  toll_policy_free(policy); /* the runner has what it needs */
  CHECK(feed(runner, kFirst) == TOLL_OK);
  CHECK(strcmp(toll_error(), "") == 0);
  CHECK(strstr(ledger.text, "\"kind\":\"seen\"") != NULL);
  CHECK(strstr(ledger.text, "\"total\":6") != NULL);
  CHECK(feed(runner, kFirst) == TOLL_OK);
  CHECK(strstr(ledger.text, "\"kind\":\"duplicate\"") != NULL);
  CHECK(feed(runner, kFailing) == TOLL_REFUSED);
  CHECK(strlen(toll_error()) > 0);
  CHECK(strstr(ledger.text, "hook-failed") != NULL);
  CHECK(strstr(ledger.text, "not this one") != NULL);
  CHECK(toll_runner_advance(runner, NULL) == TOLL_OK);
  CHECK(strstr(ledger.text, "night") == NULL);
  CHECK(toll_runner_advance(runner, "2025-07-02T00:00:00Z") == TOLL_OK);
  CHECK(strstr(ledger.text, "\"kind\":\"night\"") != NULL);
  totals.size = sizeof totals;
  CHECK(toll_runner_totals(runner, &totals) == TOLL_OK);
  CHECK(totals.events == 3 && totals.accounts == 1 && totals.errors == 1);
  CHECK(totals.entries == (uint64_t)ledger.calls && ledger.calls == 4);
  toll_runner_free(runner);
}

static void test_save_and_restore(void) {
  static kept straight, halves, state, accounts;
  toll_policy* const policy = load_meter();
  toll_runner* whole = NULL;
  toll_runner* first = NULL;
  toll_runner* second = NULL;
  CHECK(toll_runner_new(policy, keep, &straight, &whole) == TOLL_OK);
  CHECK(toll_runner_new(policy, keep, &halves, &first) == TOLL_OK);
  CHECK(toll_runner_new(policy, keep, &halves, &second) == TOLL_OK);
  CHECK(feed(whole, kFirst) == TOLL_OK && feed(whole, kSecond) == TOLL_OK);
  CHECK(toll_runner_advance(whole, "2025-07-02T00:00:00Z") == TOLL_OK);
  CHECK(feed(first, kFirst) == TOLL_OK);
  CHECK(toll_runner_accounts(first, keep, &accounts) == TOLL_OK);
  CHECK(strcmp(accounts.text, "a\n") == 0);
  CHECK(toll_runner_save(first, "a", 1, keep, &state) == TOLL_OK);
  CHECK(state.calls == 1);
  CHECK(toll_runner_save(first, "b", 1, keep, &state) == TOLL_INVALID);
  CHECK(toll_runner_restore(second, "a", 1, state.text, state.size - 1) == TOLL_OK);
  CHECK(feed(second, kSecond) == TOLL_OK);
  CHECK(toll_runner_advance(second, "2025-07-02T00:00:00Z") == TOLL_OK);
  CHECK(straight.size > 0 && strcmp(straight.text, halves.text) == 0);
  /* What is refused changes nothing. */
  CHECK(toll_runner_restore(second, "a", 1, state.text, state.size / 2) == TOLL_STATE);
  CHECK(strlen(toll_error()) > 0);
  CHECK(toll_runner_restore(second, "", 0, state.text, state.size - 1) == TOLL_INVALID);
  CHECK(toll_runner_restore(second, "\xff", 1, state.text, state.size - 1) == TOLL_INVALID);
  CHECK(feed(second, kSecond) == TOLL_OK); /* a repeat: it still knows */
  CHECK(strstr(halves.text, "\"kind\":\"duplicate\"") != NULL);
  toll_runner_free(second);
  toll_runner_free(first);
  toll_runner_free(whole);
  toll_policy_free(policy);
}

static void test_policies_with_errors(void) {
  toll_policy* policy = NULL;
  toll_runner* runner = NULL;
  toll_options options = {0};
  toll_file files[1];
  files[0] = file("a.toll", "language 1\npolicy p\nsetting x = unheard_of\n");
  CHECK(toll_policy_load_files(files, 1, NULL, &policy) == TOLL_POLICY);
  CHECK(policy != NULL && strstr(toll_policy_report(policy), "a.toll:3:") != NULL);
  CHECK(strcmp(toll_policy_report(policy), toll_error()) == 0);
  CHECK(toll_runner_new(policy, NULL, NULL, &runner) == TOLL_INVALID && runner == NULL);
  toll_policy_free(policy);
  options.size = sizeof options;
  options.language = "zh";
  CHECK(toll_policy_load_files(files, 1, &options, &policy) == TOLL_POLICY);
  CHECK(strstr(toll_error(), "\xe9\x94\x99\xe8\xaf\xaf") != NULL);
  toll_policy_free(policy);
  /* A limit that a program sets is the one that is met. */
  files[0] = file("a.lua", "for i = 1, 1000 do end\n");
  options.lua_steps = 200;
  options.language = "en";
  CHECK(toll_policy_load_files(files, 1, &options, &policy) == TOLL_POLICY);
  CHECK(strstr(toll_error(), "E1103") != NULL && strstr(toll_error(), " 200 ") != NULL);
  toll_policy_free(policy);
  /* Files in memory see no others. */
  files[0] = file("a.toll", "language 1\nimport \"CMakeLists.txt\"\npolicy p\n");
  CHECK(toll_policy_load_files(files, 1, NULL, &policy) == TOLL_POLICY);
  CHECK(strstr(toll_error(), "E0001") != NULL);
  toll_policy_free(policy);
  CHECK(toll_policy_load_files(NULL, 0, NULL, &policy) == TOLL_POLICY);
  toll_policy_free(policy);
  CHECK(toll_policy_load("there/is/no/such/file.toll", NULL, &policy) == TOLL_POLICY);
  toll_policy_free(policy);
}

static void test_misuse(void) {
  static kept ledger;
  toll_totals totals = {0};
  toll_options options = {0};
  toll_file files[1];
  toll_policy* const policy = load_meter();
  toll_policy* none = policy;
  toll_runner* runner = NULL;
  files[0] = file("a.toll", "language 1\n");
  CHECK(toll_policy_load(NULL, NULL, &none) == TOLL_INVALID && none == NULL);
  CHECK(toll_policy_load("a.toll", NULL, NULL) == TOLL_INVALID);
  CHECK(toll_policy_load_files(files, 1, &options, &none) == TOLL_INVALID); /* its size is 0 */
  files[0].text = NULL;
  CHECK(toll_policy_load_files(files, 1, NULL, &none) == TOLL_INVALID);
  files[0].path = NULL;
  CHECK(toll_policy_load_files(files, 1, NULL, &none) == TOLL_INVALID);
  CHECK(toll_policy_load_files(NULL, 1, NULL, &none) == TOLL_INVALID);
  CHECK(strcmp(toll_policy_report(NULL), "") == 0);
  CHECK(toll_runner_new(NULL, keep, &ledger, &runner) == TOLL_INVALID && runner == NULL);
  CHECK(toll_runner_new(policy, keep, &ledger, NULL) == TOLL_INVALID);
  CHECK(toll_runner_new(policy, NULL, NULL, &runner) == TOLL_OK); /* nobody wants its ledger */
  CHECK(toll_runner_feed(NULL, kFirst, sizeof kFirst - 1, 0) == TOLL_INVALID);
  CHECK(toll_runner_feed(runner, NULL, 5, 0) == TOLL_INVALID);
  CHECK(toll_runner_advance(runner, "tomorrow") == TOLL_INVALID);
  CHECK(toll_runner_advance(runner, NULL) == TOLL_OK); /* no event has told a time yet */
  CHECK(toll_runner_totals(runner, NULL) == TOLL_INVALID);
  CHECK(toll_runner_totals(runner, &totals) == TOLL_INVALID);
  totals.size = offsetof(toll_totals, errors); /* of an older header */
  totals.errors = 77;
  CHECK(feed(runner, "{}") == TOLL_REFUSED);
  CHECK(toll_runner_totals(runner, &totals) == TOLL_OK);
  CHECK(totals.events == 1 && totals.errors == 77);
  CHECK(toll_runner_accounts(runner, NULL, NULL) == TOLL_INVALID);
  CHECK(toll_runner_save(runner, "a", 1, NULL, NULL) == TOLL_INVALID);
  CHECK(toll_runner_restore(runner, "a", 1, NULL, 0) == TOLL_INVALID);
  toll_runner_free(runner);
  toll_runner_free(NULL);
  toll_policy_free(policy);
  toll_policy_free(NULL);
}

typedef struct {
  toll_runner* runner;
  toll_status inner;
  int calls;
} caller;

static void call_again(void* context, const char* text, size_t size) {
  caller* const here = (caller*)context;
  (void)text;
  (void)size;
  ++here->calls;
  here->inner = feed(here->runner, kSecond);
}

static void free_it(void* context, const char* text, size_t size) {
  caller* const here = (caller*)context;
  (void)text;
  (void)size;
  ++here->calls;
  toll_runner_free(here->runner);
}

static void test_sinks_that_call(void) {
  caller again = {NULL, TOLL_OK, 0};
  caller freeing = {NULL, TOLL_OK, 0};
  toll_policy* const policy = load_meter();
  CHECK(toll_runner_new(policy, call_again, &again, &again.runner) == TOLL_OK);
  CHECK(feed(again.runner, kFirst) == TOLL_OK);
  CHECK(again.calls == 1 && again.inner == TOLL_INVALID && strcmp(toll_error(), "") == 0);
  CHECK(feed(again.runner, kSecond) == TOLL_OK && again.calls == 2);
  toll_runner_free(again.runner);
  CHECK(toll_runner_new(policy, free_it, &freeing, &freeing.runner) == TOLL_OK);
  CHECK(feed(freeing.runner, kFirst) == TOLL_OK && freeing.calls == 1);
  toll_policy_free(policy);
}

/* Lines and states that somebody made wrong on purpose: a status each time, and the runner goes on.
 */
static void test_hostile_texts(void) {
  static kept ledger, state;
  static char deep[200000];
  static char damaged[sizeof state.text];
  const char* const lines[] = {
      "",
      "\n",
      "null",
      "[]",
      "{",
      "\"\xff\xfe\"",
      "{\"id\":1}",
      "{\"id\":\"x\",\"id\":\"y\"}",
      "{\"id\":\"x\",\"subject\":\"a\",\"type\":\"tick\",\"time\":\"2025-99-01T00:00:00Z\"}",
      "{\"id\":\"x\",\"subject\":\"a\",\"type\":\"tick\",\"time\":\"2025-07-01T00:00:00Z\","
      "\"data\":{\"n\":"
      "123456789012345678901234567890123456789012345678901234567890,\"plan\":\"small\"}}"};
  toll_policy* const policy = load_meter();
  toll_runner* runner = NULL;
  size_t i;
  CHECK(toll_runner_new(policy, keep, &ledger, &runner) == TOLL_OK);
  for (i = 0; i < sizeof lines / sizeof lines[0]; ++i)
    CHECK(feed(runner, lines[i]) == TOLL_REFUSED);
  memset(deep, '[', sizeof deep);
  CHECK(toll_runner_feed(runner, deep, sizeof deep, 0) == TOLL_REFUSED);
  CHECK(toll_runner_feed(runner, "\0\0\0", 3, 0) == TOLL_REFUSED);
  ledger.size = 0;
  CHECK(feed(runner, kFirst) == TOLL_OK);
  CHECK(strstr(ledger.text, "\"total\":6") != NULL);
  CHECK(toll_runner_save(runner, "a", 1, keep, &state) == TOLL_OK);
  for (i = 0; i < state.size - 1; ++i) {
    memcpy(damaged, state.text, state.size);
    damaged[i] = (char)(damaged[i] ^ 1);
    CHECK(toll_runner_restore(runner, "a", 1, damaged, state.size - 1) == TOLL_STATE);
    CHECK(toll_runner_restore(runner, "a", 1, state.text, i) == TOLL_STATE);
  }
  CHECK(toll_runner_restore(runner, "a", 1, state.text, state.size - 1) == TOLL_OK);
  toll_runner_free(runner);
  toll_policy_free(policy);
}

int main(void) {
  test_versions();
  test_events_in_ledger_out();
  test_save_and_restore();
  test_policies_with_errors();
  test_misuse();
  test_sinks_that_call();
  test_hostile_texts();
  printf("%d checks, %d failed\n", checks, failures);
  return failures == 0 ? 0 : 1;
}
