// Every registered diagnostic must be produced by some test of this program. Checked when all tests have run; not when
// only some were asked for.
#include "syntax/diagnostics.h"
#include "testing.h"

#include <gtest/gtest.h>

namespace burrow::syntax {
namespace {

class AllDiagnosticsProduced : public ::testing::Environment {
 public:
  void TearDown() override {
    if (::testing::GTEST_FLAG(filter) != "*") return;
    for (const source::DiagnosticKind* kind : diag::kAll) {
      EXPECT_TRUE(testing::producedDiagnostics().count(kind->name)) << "no test produces " << kind->name;
    }
  }
};

[[maybe_unused]] const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new AllDiagnosticsProduced);

TEST(Diagnostics, NamesAreDistinct) {
  std::set<std::string_view> names;
  for (const source::DiagnosticKind* kind : diag::kAll) EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
}

}  // namespace
}  // namespace burrow::syntax
