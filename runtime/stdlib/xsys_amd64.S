// What golang.org/x/sys/unix has in assembly: its own names for system calls of package syscall. Arguments and results lie where
// that package has them, and the two that return no error leave what would be one to nobody. (compiler/load/no_assembly.cpp knows
// the package; its functions of package cpu are in cpu.cpp.)
#include "base/asm_amd64.h"

// Names with slashes are quoted wherever they stand, which FUNCTION does not do.
.macro SAME name, as
  .section ".text.\name","ax",@progbits
  .globl "\name"
  .hidden "\name"
  .type "\name", @function
  .p2align 4
"\name":
  .cfi_startproc
  jmp \as
  .cfi_endproc
  .size "\name", . - "\name"
.endm

SAME "golang.org/x/sys/unix.Syscall", syscall.Syscall
SAME "golang.org/x/sys/unix.Syscall6", syscall.Syscall6
SAME "golang.org/x/sys/unix.SyscallNoError", syscall.Syscall
SAME "golang.org/x/sys/unix.RawSyscall", syscall.RawSyscall
SAME "golang.org/x/sys/unix.RawSyscall6", syscall.RawSyscall6
SAME "golang.org/x/sys/unix.RawSyscallNoError", syscall.RawSyscall
SAME "golang.org/x/sys/unix.gettimeofday", syscall.gettimeofday

  .section .note.GNU-stack,"",@progbits
  .section .note.GNU-split-stack,"",@progbits
