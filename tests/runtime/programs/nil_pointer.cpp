// A fault that becomes a panic that nobody recovers.
// want-stderr: panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x10 pc=*]\n\ngoroutine 1 [running]:\n*
// want-exit: 2
#include "support.h"
GOABI void mainMain() { int* volatile p = reinterpret_cast<int*>(16);
  *p = 1; }
