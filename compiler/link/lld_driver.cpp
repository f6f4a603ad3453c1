// The only file that sees lld's headers. lld keeps global state per run and cleans it up itself; lldMain says when that
// failed.
#include "link/lld_driver.h"

#include <lld/Common/Driver.h>
#include <llvm/Support/raw_ostream.h>

LLD_HAS_DRIVER(elf)

namespace burrow::link {

LldResult runLld(const std::vector<std::string>& command) {
  std::vector<const char*> args;
  args.reserve(command.size());
  for (const std::string& a : command) args.push_back(a.c_str());
  LldResult result;
  std::string output;
  llvm::raw_string_ostream out(output), err(result.errors);
  const lld::DriverDef drivers[] = {{lld::Gnu, &lld::elf::link}};
  lld::Result r = lld::lldMain(args, out, err, drivers);
  out.flush();
  err.flush();
  result.ok = r.retCode == 0;
  result.canRunAgain = r.canRunAgain;
  if (!result.ok && result.errors.empty()) result.errors = output;
  return result;
}

}  // namespace burrow::link
