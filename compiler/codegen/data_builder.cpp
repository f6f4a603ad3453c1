// See data_builder.h.
#include "codegen/data_builder.h"

#include <algorithm>

namespace burrow::codegen {

using namespace llvm;

void DataBuilder::setInt(size_t offset, unsigned width, uint64_t value) {
  grow(offset + width);
  for (unsigned i = 0; i < width; i++) bytes_[offset + i] = static_cast<uint8_t>(value >> (8 * i));
}

void DataBuilder::setBytes(size_t offset, ArrayRef<uint8_t> data) {
  grow(offset + data.size());
  std::copy(data.begin(), data.end(), bytes_.begin() + static_cast<ptrdiff_t>(offset));
}

void DataBuilder::setAddress(size_t offset, Constant* address, size_t width) {
  grow(offset + width);
  addresses_[offset] = {address, width};
}

bool DataBuilder::isZero() const {
  return addresses_.empty() && std::all_of(bytes_.begin(), bytes_.end(), [](uint8_t b) { return b == 0; });
}

Constant* DataBuilder::build() {
  auto run = [&](size_t from, size_t to) -> Constant* {
    ArrayRef<uint8_t> data(bytes_.data() + from, to - from);
    if (std::all_of(data.begin(), data.end(), [](uint8_t b) { return b == 0; })) {
      return ConstantAggregateZero::get(ArrayType::get(Type::getInt8Ty(context_), data.size()));
    }
    return ConstantDataArray::get(context_, data);
  };
  if (addresses_.empty()) return run(0, bytes_.size());
  SmallVector<Constant*, 16> fields;
  size_t at = 0;
  for (const auto& [offset, entry] : addresses_) {
    if (offset > at) fields.push_back(run(at, offset));
    fields.push_back(entry.first);
    at = offset + entry.second;
  }
  if (at < bytes_.size()) fields.push_back(run(at, bytes_.size()));
  return ConstantStruct::getAnon(context_, fields, /*Packed=*/true);
}

}  // namespace burrow::codegen
