// The order in which schedinit brings the parts up (docs/runtime.md), and what holds when main.main begins.
// want-stderr: locks stackinit randinit mallocinit mcommoninit alginit modulesinit typelinksinit itabsinit initsig goargs goenvs parsedebugvars cpuoptions gcinit procresize\nmain 1\n
// want-exit: 0
// env: GODEBUG=x=1,inittrace=0,panicnil=1 GOMAXPROCS=3
#include "boot/boot.h"
#include "support.h"
using namespace test;
GOABI void mainMain() {
  for (int i = 0; bootTrace[i] != nullptr; i++) rtPrint(i ? " " : "", bootTrace[i]);
  G* gp = getg();
  CHECK(gomaxprocs == 3 && debug.panicnil == 1 && maxstacksize == 1000000000);
  CHECK(gp->m->curg == gp && gp->m->lockedg == nullptr && readgstatus(gp) == Grunning);
  CHECK(getm()->p != nullptr && getm()->p->m == getm());
  rtPrint("\nmain ", gp->goid, "\n");
}
