/* A gateway in small, in C: reads a policy, feeds it events, writes the ledger.
 *
 *   gateway_c RULES EVENTS [UNTIL]     RULES: a rule file or a folder; EVENTS: one JSON object a
 * line */
#include <stdio.h>
#include <string.h>

#include <toll/toll.h>

static void write_entry(void* out, const char* text, size_t size) {
  fwrite(text, 1, size, (FILE*)out);
  fputc('\n', (FILE*)out);
}

/* 0: every event was taken; 1: some were refused, and the ledger says why. */
static int feed_all(toll_runner* runner, FILE* events) {
  static char line[1 << 16];
  uint64_t number = 0;
  int refused = 0;
  while (fgets(line, sizeof line, events) != NULL) {
    const size_t size = strcspn(line, "\r\n");
    ++number;
    if (size == 0) continue;
    /* Its entries are written before it returns. */
    if (toll_runner_feed(runner, line, size, number) != TOLL_OK) refused = 1;
  }
  return refused;
}

int main(int argc, char** argv) {
  if (argc < 3) {
    fputs("usage: gateway_c RULES EVENTS [UNTIL]\n", stderr);
    return 2;
  }
  toll_policy* policy = NULL;
  const toll_status loaded = toll_policy_load(argv[1], NULL, &policy);
  fputs(loaded == TOLL_OK ? toll_policy_report(policy) : toll_error(), stderr);

  int status = 3;
  toll_runner* runner = NULL;
  FILE* const events = fopen(argv[2], "rb");
  if (loaded == TOLL_OK && events != NULL &&
      toll_runner_new(policy, write_entry, stdout, &runner) == TOLL_OK) {
    status = feed_all(runner, events);
    if (toll_runner_advance(runner, argc > 3 ? argv[3] : NULL) != TOLL_OK) {
      fprintf(stderr, "%s\n", toll_error());
      status = 1;
    }
  }
  if (events != NULL) fclose(events);
  toll_runner_free(runner);
  toll_policy_free(policy);
  return status;
}
