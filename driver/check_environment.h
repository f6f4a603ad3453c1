// What environment variables may say that no command can work with.
#pragma once

#include <string>

namespace burrow::driver {

// Looks at the variables that the commands which load packages go by. Returns 0, or, after a message on standard error, the
// exit status.
int checkEnvironment();

// What is wrong with the words of GOFLAGS, in gc's words; empty: nothing. A flag that this command does not have is right
// when another command of the go command or of ours has it.
std::string flawOfGoFlags(const std::string& text);

}  // namespace burrow::driver
