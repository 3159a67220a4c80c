// CIF parsing and space groups of gemmi behind plain C.
//
// No exception leaves these functions. Every pointer they return belongs to the caller and goes
// back through the matching free function.

#ifndef CGEMMI_H
#define CGEMMI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A block header, a loop, or a tag with its value (a loop of one row).
typedef struct {
  /// Line on which it starts, from 1.
  int32_t line;
  /// Whether it opens a block; its only string is then the name of the block.
  int32_t is_block;
  /// Index of its first string: the tags, then the values row by row.
  int64_t first;
  /// Number of tags.
  int64_t tags;
  /// Number of rows.
  int64_t rows;
} CGemmiItem;

/// A parsed CIF. Quotes are removed, the null values `?` and `.` are empty.
typedef struct {
  /// What is wrong with the text, NULL if nothing is; the other fields are then empty.
  char *message;
  /// All strings one after another, not terminated.
  char *text;
  /// End of each string in `text`; it starts where the one before ends.
  int64_t *ends;
  int64_t string_count;
  CGemmiItem *items;
  int64_t item_count;
} CGemmiDocument;

/// Parses a CIF; NULL only without memory.
CGemmiDocument *cgemmi_parse(const uint8_t *text, size_t size);
void cgemmi_free_document(CGemmiDocument *document);

/// A space group in one setting.
typedef struct {
  /// Number in the International Tables, 0 if the operations are of no tabulated setting.
  int32_t number;
  /// '1' or '2' for an origin choice, 'H' or 'R' for hexagonal or rhombohedral axes, otherwise 0.
  char extension;
  /// Hermann-Mauguin symbol without the extension.
  char name[24];
  /// Number of operations.
  int32_t count;
  /// 12 numbers each: rotation by rows, translation in 24ths.
  int32_t *operations;
} CGemmiGroup;

/// The group with a Hermann-Mauguin symbol, NULL if there is none. Where the symbol leaves the axes
/// of a rhombohedral group open, the angles (degrees) decide.
CGemmiGroup *cgemmi_group_of_name(const char *name, double alpha, double gamma);
/// The group with a Hall symbol, NULL if it is none.
CGemmiGroup *cgemmi_group_of_hall(const char *hall);
/// The group with a number, in its first tabulated setting, NULL if there is none.
CGemmiGroup *cgemmi_group_of_number(int32_t number);
/// The group of `count` operations, 12 numbers each, NULL if they are no tabulated setting.
CGemmiGroup *cgemmi_group_of_operations(const int32_t *operations, int32_t count);
void cgemmi_free_group(CGemmiGroup *group);

/// Reads an operation such as `-x+1/2,y,z`; 0 if it is none, 1 otherwise.
int32_t cgemmi_operation(const char *triplet, int32_t elements[12]);

#ifdef __cplusplus
}
#endif

#endif
