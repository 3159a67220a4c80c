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

/// A document whose loops keep their values as parts of the text instead of as strings of their own:
/// most of a large CIF is one loop, and a string for each number takes longer than parsing it.
struct Document : cif::Document {
  struct Part {
    const char *begin, *end;
  };
  std::vector<Part> values;
  /// Where the values of each loop begin, in the order of the text.
  std::vector<size_t> loops;
};

/// The actions of gemmi, but for the values of loops.
template <typename Rule>
struct Action : cif::Action<Rule> {};

template <>
struct Action<cif::rules::str_loop> {
  template <typename Input>
  static void apply(const Input &in, Document &out) {
    cif::Action<cif::rules::str_loop>::apply(in, out);
    out.loops.push_back(out.values.size());
  }
};

template <>
struct Action<cif::rules::loop_value> {
  template <typename Input>
  static void apply(const Input &in, Document &out) {
    out.values.push_back({in.begin(), in.end()});
  }
};

template <>
struct Action<cif::rules::loop> {
  template <typename Input>
  static void apply(const Input &in, Document &out) {
    size_t tags = out.items_->back().loop.tags.size();
    if ((out.values.size() - out.loops.back()) % tags != 0)
      throw tao::pegtl::parse_error("Wrong number of values in the loop", in);
  }
};

/// Collects the strings and items of a document.
struct Collector {
  const Document &document;
  std::string text;
  std::vector<int64_t> ends;
  std::vector<CGemmiItem> items;
  size_t next_loop = 0;

  explicit Collector(const Document &document, size_t size) : document(document) {
    text.reserve(size);
    ends.reserve(document.values.size() + 100);
    for (const cif::Block &block : document.blocks) add(block);
  }

  void add(const std::string &string) {
    text += string;
    ends.push_back(static_cast<int64_t>(text.size()));
  }

  void open(int line, bool is_block, size_t tags, size_t rows) {
    items.push_back({line, is_block, static_cast<int64_t>(ends.size()),
                     static_cast<int64_t>(tags), static_cast<int64_t>(rows)});
  }

  /// A value without its quotes; nothing for the null values.
  void add(Document::Part value) {
    const char *begin = value.begin, *end = value.end;
    char first = *begin;
    if (first == '\'' || first == '"' || first == ';') {
      text += cif::as_string(std::string(begin, end));
    } else if (end - begin != 1 || (first != '?' && first != '.')) {
      text.append(begin, end);
    }
    ends.push_back(static_cast<int64_t>(text.size()));
  }

  /// Passes over the loops of a save frame, which is not collected.
  void skip(const cif::Block &frame) {
    for (const cif::Item &item : frame.items) {
      if (item.type == cif::ItemType::Loop) ++next_loop;
      if (item.type == cif::ItemType::Frame) skip(item.frame);
    }
  }

  void add(const cif::Block &block) {
    open(0, true, 1, 0);
    add(block.name);
    for (const cif::Item &item : block.items) {
      if (item.type == cif::ItemType::Frame) {
        skip(item.frame);
      } else if (item.type == cif::ItemType::Pair) {
        open(item.line_number, false, 1, 1);
        add(item.pair[0]);
        add(cif::as_string(item.pair[1]));
      } else if (item.type == cif::ItemType::Loop) {
        size_t loop = next_loop++;
        size_t begin = document.loops[loop];
        size_t end = next_loop < document.loops.size() ? document.loops[next_loop]
                                                       : document.values.size();
        size_t tags = item.loop.tags.size();
        open(item.line_number, false, tags, (end - begin) / tags);
        for (const std::string &tag : item.loop.tags) add(tag);
        for (size_t n = begin; n < end; ++n) add(document.values[n]);
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
    Document document;
    tao::pegtl::memory_input<> input(reinterpret_cast<const char *>(text), size, "");
    tao::pegtl::parse<cif::rules::file, Action, cif::Errors>(input, document);
    cif::check_for_missing_values(document);
    cif::check_for_duplicates(document);
    Collector collector(document, size);
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
