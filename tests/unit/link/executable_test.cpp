// The whole link on objects that clang would make: here, assembled by hand as bytes of the smallest program.
#include "link/elf_image.h"
#include "link/finish.h"
#include "link/link.h"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace fs = std::filesystem;
using namespace burrow::link;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "burrow-link-test.XXXXXX").string();
    path = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const char* name) const { return (path / name).string(); }
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// _rt0_amd64_linux: exit with the low byte of the function table's function count.
constexpr const char* kProgram = R"(
  .text
  .globl _rt0_amd64_linux
  .type _rt0_amd64_linux, @function
_rt0_amd64_linux:
  .cfi_startproc
  lea runtime.pclntab(%rip), %rsi
  mov 32(%rsi), %edi
  mov $231, %eax
  syscall
  .cfi_endproc
  .size _rt0_amd64_linux, . - _rt0_amd64_linux
  .section .text.unused,"ax",@progbits
  .type unused, @function
unused:
  ret
  .size unused, . - unused
  .section .noptrbss.x,"aw",@nobits
  .globl x
x: .zero 100000
  .section .note.GNU-stack,"",@progbits
)";

bool assemble(const Folder& folder, const char* name, const char* text) {
  std::ofstream(folder / "in.s") << text;
  return std::system(("clang-22 -c -g " + (folder / "in.s") + " -o " + (folder / name)).c_str()) == 0;
}

// a.o of the folder, to be linked into prog.
LinkInput inputIn(const Folder& folder) {
  LinkInput input;
  input.objects = {folder / "a.o"};
  input.output = folder / "prog";
  input.workDir = folder.path.string();
  return input;
}

TEST(Executable, LinksFinishesAndRuns) {
  Folder folder;
  ASSERT_TRUE(assemble(folder, "a.o", kProgram));
  LinkInput input = inputIn(folder);
  LinkResult result = linkProgram(input);
  ASSERT_TRUE(result.ok) << result.errors;
  int status = std::system(input.output.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);  // one function was kept

  ElfImage image;
  std::string bytes = read(input.output), error;
  ASSERT_TRUE(image.open(bytes, &error)) << error;
  EXPECT_NE(image.find(".gopclntab"), 0u);
  EXPECT_NE(image.find(".note.gnu.build-id"), 0u);
  EXPECT_NE(image.find(".debug_line"), 0u);
  EXPECT_EQ(image.find(".burrow.functab"), 0u);
  EXPECT_EQ(image.header().e_type, ET_EXEC);

  // The same input gives the same bytes; -s leaves symbols and debug information out and still runs.
  input.output = folder / "again";
  ASSERT_TRUE(linkProgram(input).ok);
  EXPECT_EQ(read(input.output), bytes);
  input.stripSymbols = true;
  input.output = folder / "stripped";
  ASSERT_TRUE(linkProgram(input).ok);
  EXPECT_EQ(WEXITSTATUS(std::system(input.output.c_str())), 1);
  bytes = read(input.output);
  ASSERT_TRUE(image.open(bytes, &error)) << error;
  EXPECT_EQ(image.find(".symtab"), 0u);
  EXPECT_EQ(image.find(".debug_line"), 0u);
}

// _rt0_amd64_linux_pie: exit with 1 when the 32-bit offset of a descriptor leads to its name from wherever the image lies, and
// what is next to it is still what was linked.
constexpr const char* kMovableProgram = R"(
  .text
  .globl _rt0_amd64_linux_pie
  .type _rt0_amd64_linux_pie, @function
_rt0_amd64_linux_pie:
  .cfi_startproc
  lea __ehdr_start(%rip), %rcx
  mov type+4(%rip), %eax
  add %rcx, %rax
  mov type+8(%rip), %rbx
  add %rcx, %rbx
  lea name(%rip), %rdx
  lea runtime.relr(%rip), %rsi
  xor %edi, %edi
  cmp %rdx, %rax
  jne 1f
  cmp %rdx, %rbx
  sete %dil
1:
  mov $231, %eax
  syscall
  .cfi_endproc
  .size _rt0_amd64_linux_pie, . - _rt0_amd64_linux_pie
  .section .go.types.t,"aw",@progbits
  .p2align 3
  .globl type
type:
  .long 7
  .long name - (type + 4)
  .quad name
  .section .rodata
name: .byte 1
  .section .note.GNU-stack,"",@progbits
)";

TEST(Executable, PositionIndependent) {
  Folder folder;
  ASSERT_TRUE(assemble(folder, "a.o", kMovableProgram));
  LinkInput input = inputIn(folder);
  input.positionIndependent = true;
  LinkResult result = linkProgram(input);
  ASSERT_TRUE(result.ok) << result.errors;
  EXPECT_EQ(WEXITSTATUS(std::system(input.output.c_str())), 1);

  ElfImage image;
  std::string bytes = read(input.output), error;
  ASSERT_TRUE(image.open(bytes, &error)) << error;
  EXPECT_EQ(image.header().e_type, ET_DYN);
  const uint32_t list = image.find(".relr.dyn");
  ASSERT_NE(list, 0u);
  EXPECT_EQ(image.sections()[list].sh_size, 8u);  // one word is to be relocated
  EXPECT_EQ(image.find(".rela.go.type"), 0u);
  EXPECT_EQ(image.find(".rela.text"), 0u);
}

TEST(Executable, WhatCannotBePositionIndependentIsRefused) {
  // An absolute address in 32 bits; an address that is not aligned.
  for (const char* text : {"  .long name\n", "  .byte 1\n  .quad name\n"}) {
    Folder folder;
    const std::string program = std::string(kMovableProgram) + "  .section .go.types.t,\"aw\",@progbits\n" + text;
    ASSERT_TRUE(assemble(folder, "a.o", program.c_str()));
    LinkInput input = inputIn(folder);
    input.positionIndependent = true;
    EXPECT_FALSE(linkProgram(input).ok) << text;
  }
}

TEST(Executable, ErrorsLeaveNoOutput) {
  Folder folder;
  ASSERT_TRUE(assemble(folder, "a.o", "  .globl _rt0_amd64_linux\n_rt0_amd64_linux:\n  call main.missing\n"));
  LinkInput input = inputIn(folder);
  LinkResult result = linkProgram(input);
  EXPECT_FALSE(result.ok);
  EXPECT_NE(result.errors.find("main.missing"), std::string::npos) << result.errors;
  EXPECT_FALSE(fs::exists(input.output));
}

TEST(Executable, FullDisk) {
  std::string error;
  EXPECT_FALSE(writeFileAtomically("/dev/full", "content", 0777, &error));
  EXPECT_EQ(error, "write /dev/full: no space left on device");
  EXPECT_TRUE(writeFileAtomically("/dev/null", "content", 0777, &error));
}

}  // namespace
