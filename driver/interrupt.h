// What happens when somebody interrupts us.
//
// A thread of its own waits for SIGINT, SIGTERM and SIGHUP, which all other threads block; so what it does then is
// ordinary code: while we build, remove the temporary folder and die of the same signal; while a program runs, hand the
// signal on (a terminal's interrupt reaches the program by itself) and let the waiting thread see what it makes of it.
#pragma once

#include <sys/types.h>
#include <string>

namespace burrow::driver {

// Starts the thread; to be called before any other thread is made.
void catchInterrupts();
// The folder to remove; empty: none.
void removeWhenInterrupted(const std::string& dir);
// The program that runs now; 0: none.
void handSignalsTo(pid_t pid);

}  // namespace burrow::driver
