#include "CGemmi.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <string>
#include <vector>

#include <gemmi/cif.hpp>
#include <gemmi/symmetry.hpp>

namespace cif = gemmi::cif;

namespace {

/// A copy in memory of malloc; NULL for an empty array.
template <typename T>
T *copied(const T *values, size_t count) {
  if (count == 0) return nullptr;
  T *copy = static_cast<T *>(std::malloc(count * sizeof(T)));
  if (copy == nullptr) throw std::bad_alloc();
  std::memcpy(copy, values, count * sizeof(T));
  return copy;
}

/// Collects the strings and items of a document.
struct Collector {
  std::string text;
  std::vector<int64_t> ends;
  std::vector<CGemmiItem> items;

  void add(const std::string &string) {
    text += string;
    ends.push_back(static_cast<int64_t>(text.size()));
  }

  void open(int line, bool is_block, size_t tags, size_t rows) {
    items.push_back({line, is_block, static_cast<int64_t>(ends.size()),
                     static_cast<int64_t>(tags), static_cast<int64_t>(rows)});
  }

  void add(const cif::Block &block) {
    open(0, true, 1, 0);
    add(block.name);
    for (const cif::Item &item : block.items) {
      if (item.type == cif::ItemType::Pair) {
        open(item.line_number, false, 1, 1);
        add(item.pair[0]);
        add(cif::as_string(item.pair[1]));
      } else if (item.type == cif::ItemType::Loop && !item.loop.tags.empty()) {
        open(item.line_number, false, item.loop.tags.size(), item.loop.length());
        for (const std::string &tag : item.loop.tags) add(tag);
        for (const std::string &value : item.loop.values) add(cif::as_string(value));
      }
    }
  }
};

CGemmiGroup *make_group(const gemmi::SpaceGroup *group, const gemmi::GroupOps &operations) {
  std::vector<int32_t> elements;
  for (const gemmi::Op &op : operations) {
    for (const auto &row : op.rot)
      for (int value : row) elements.push_back(value / gemmi::Op::DEN);
    for (int value : op.tran) elements.push_back(value);
  }
  int32_t *copy = copied(elements.data(), elements.size());
  auto *result = static_cast<CGemmiGroup *>(std::calloc(1, sizeof(CGemmiGroup)));
  if (result == nullptr) {
    std::free(copy);
    throw std::bad_alloc();
  }
  if (group != nullptr) {
    result->number = group->number;
    result->extension = group->ext;
    std::strncpy(result->name, group->hm, sizeof(result->name) - 1);
  }
  result->count = static_cast<int32_t>(elements.size() / 12);
  result->operations = copy;
  return result;
}

}  // namespace

CGemmiDocument *cgemmi_parse(const uint8_t *text, size_t size) {
  auto *result = static_cast<CGemmiDocument *>(std::calloc(1, sizeof(CGemmiDocument)));
  if (result == nullptr) return nullptr;
  try {
    cif::Document document =
        cif::read_memory(reinterpret_cast<const char *>(text), size, "");
    Collector collector;
    for (const cif::Block &block : document.blocks) collector.add(block);
    result->text = copied(collector.text.data(), collector.text.size());
    result->ends = copied(collector.ends.data(), collector.ends.size());
    result->items = copied(collector.items.data(), collector.items.size());
    result->string_count = static_cast<int64_t>(collector.ends.size());
    result->item_count = static_cast<int64_t>(collector.items.size());
  } catch (const std::exception &error) {
    result->message = ::strdup(error.what());
  } catch (...) {
    result->message = ::strdup("unknown failure of the CIF parser");
  }
  return result;
}

void cgemmi_free_document(CGemmiDocument *document) {
  if (document == nullptr) return;
  std::free(document->message);
  std::free(document->text);
  std::free(document->ends);
  std::free(document->items);
  std::free(document);
}

CGemmiGroup *cgemmi_group_of_name(const char *name, double alpha, double gamma) try {
  const gemmi::SpaceGroup *group = gemmi::find_spacegroup_by_name(name, alpha, gamma);
  return group == nullptr ? nullptr : make_group(group, group->operations());
} catch (...) {
  return nullptr;
}

CGemmiGroup *cgemmi_group_of_hall(const char *hall) try {
  gemmi::GroupOps operations = gemmi::symops_from_hall(hall);
  return make_group(gemmi::find_spacegroup_by_ops(operations), operations);
} catch (...) {
  return nullptr;
}

CGemmiGroup *cgemmi_group_of_number(int32_t number) try {
  const gemmi::SpaceGroup *group = gemmi::find_spacegroup_by_number(number);
  if (group == nullptr || group->number != number) return nullptr;
  return make_group(group, group->operations());
} catch (...) {
  return nullptr;
}

CGemmiGroup *cgemmi_group_of_operations(const int32_t *operations, int32_t count) try {
  std::vector<gemmi::Op> ops;
  for (int32_t n = 0; n < count; ++n) {
    const int32_t *e = operations + 12 * n;
    gemmi::Op op = gemmi::Op::identity();
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) op.rot[i][j] = e[3 * i + j] * gemmi::Op::DEN;
      op.tran[i] = e[9 + i];
    }
    ops.push_back(op.wrap());
  }
  gemmi::GroupOps group = gemmi::split_centering_vectors(ops);
  const gemmi::SpaceGroup *found = gemmi::find_spacegroup_by_ops(group);
  return found == nullptr ? nullptr : make_group(found, found->operations());
} catch (...) {
  return nullptr;
}

void cgemmi_free_group(CGemmiGroup *group) {
  if (group == nullptr) return;
  std::free(group->operations);
  std::free(group);
}

int32_t cgemmi_operation(const char *triplet, int32_t elements[12]) try {
  gemmi::Op op = gemmi::parse_triplet(triplet);
  for (int i = 0; i < 3; ++i) {
    for (int j = 0; j < 3; ++j) {
      if (op.rot[i][j] % gemmi::Op::DEN != 0) return 0;
      elements[3 * i + j] = op.rot[i][j] / gemmi::Op::DEN;
    }
    elements[9 + i] = op.tran[i];
  }
  return 1;
} catch (...) {
  return 0;
}
