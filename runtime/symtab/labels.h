// The labels of a goroutine (pprof.SetGoroutineLabels) as its traceback shows them: {key: value, "other key": "..."}. What has
// other characters than letters, digits, '.', '/' and '_' is quoted. GODEBUG=tracebacklabels=0 leaves them out.
//
// Who sets a goroutine's first labels sets labelPrinter before: programs that set none are linked without the rest.
#pragma once

#include "sched/runtime2.h"

namespace burrow::rt {

void printLabels(G* gp);
extern void (*labelPrinter)(G* gp);

}  // namespace burrow::rt
