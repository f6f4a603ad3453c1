// Writing a sidecar: the function-table part of one object, in the format of abi/functab.h.
#pragma once

#include "abi/functab.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace burrow::codegen {

class SidecarWriter {
 public:
  SidecarWriter() : data_{0}, strings_{0, 0} { stringOffsets_[""] = 0; }

  uint32_t string(std::string_view s);
  // Local number of a file.
  uint32_t file(std::string_view path);
  // Bytes of rows; offsets into them count from the start of the data.
  std::vector<uint8_t>& data() { return data_; }
  uint32_t offset() const { return static_cast<uint32_t>(data_.size()); }
  void alignData() { data_.resize((data_.size() + 3) & ~size_t(3)); }
  template <typename T>
  void append(const T& record) {
    const auto* p = reinterpret_cast<const uint8_t*>(&record);
    data_.insert(data_.end(), p, p + sizeof(T));
  }
  void addFunction(const abi::functab::SidecarFunc& f) { funcs_.push_back(f); }

  std::vector<uint8_t> finish();

 private:
  std::vector<abi::functab::SidecarFunc> funcs_;
  std::vector<uint32_t> files_;
  std::unordered_map<std::string, uint32_t> fileNumbers_, stringOffsets_;
  std::vector<uint8_t> data_;     // byte 0 is not used: offset 0 means none
  std::vector<uint8_t> strings_;  // offset 0 is the empty string
};

// Bytes of a function's name that are its package path: "a/b.(*T).M" -> 3, "main.F[a/b.T]" -> 4. 0: no package.
uint16_t packageLength(std::string_view name);

}  // namespace burrow::codegen
