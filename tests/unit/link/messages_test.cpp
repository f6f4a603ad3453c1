// What users read when a link fails.
#include "link/messages.h"

#include <gtest/gtest.h>

using burrow::link::linkerMessages;

TEST(LinkerMessages, UndefinedSymbolsAsGcTellsThem) {
  EXPECT_EQ(linkerMessages("ld.lld: error: undefined symbol: main.f\n"
                           ">>> referenced by u.go:10 (/tmp/u.go:10)\n"
                           ">>>               /cache/19/19-d:(main.main)\n"
                           ">>> referenced by u.go:8 (/tmp/u.go:8)\n"
                           ">>>               /cache/19/19-d:(main.main)\n"
                           ">>> referenced by u.go:9\n"
                           ">>>               /cache/19/19-d:(main.g)\n"
                           "\n"
                           "ld.lld: error: undefined symbol: main.v\n"
                           ">>> referenced by u.go\n"
                           ">>>               /cache/19/19-d:(.data+0x8)\n",
                           {}),
            "main.main: relocation target main.f not defined\nmain.g: relocation target main.f not defined\n"
            "relocation target main.v not defined");
}

TEST(LinkerMessages, TheReasonIsPutBehind) {
  auto why = [](const std::string& symbol) { return symbol == "p.f" ? "it is far away" : std::string(); };
  EXPECT_EQ(linkerMessages("ld.lld: error: undefined symbol: p.f\n>>> referenced by u.go:1\n>>>               d:(main.main)\n"
                           "ld.lld: error: undefined symbol: p.g\n",
                           why),
            "main.main: relocation target p.f not defined: it is far away\nrelocation target p.g not defined");
}

TEST(LinkerMessages, OthersKeepTheirText) {
  EXPECT_EQ(linkerMessages("ld.lld: error: duplicate symbol: x\n>>> defined at a.o\n", {}),
            "duplicate symbol: x\n>>> defined at a.o");
  EXPECT_EQ(linkerMessages("", {}), "");
}
