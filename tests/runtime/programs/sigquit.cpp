// SIGQUIT reports all goroutines.
// want-stderr: SIGQUIT: quit\nPC=* m=* sigcode=*\n\ngoroutine *rax *rip *
// want-exit: 2
#include "os/syscall_linux_amd64.h"
#include "support.h"
using namespace test;
GOABI void mainMain() {
  burrow::rt::syscall(62, uint64_t(burrow::rt::syscall(kSysGetpid)), 3);
  for (;;) usleep(1000);
}
