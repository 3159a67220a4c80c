// Voronoi cells of voro++ behind plain C.
//
// No exception leaves these functions. What they fill in goes back through cvoro_free.

#ifndef CVORO_H
#define CVORO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Points in a box that is repeated along (bx, 0, 0), (bxy, by, 0) and (bxz, byz, bz), with bx, by and bz
/// positive.
typedef struct {
  /// bx, bxy, by, bxz, byz, bz.
  double box[6];
  /// Number of points.
  int32_t count;
  /// Coordinates, 3 numbers each.
  const double *positions;
  /// Radii, for radical cells; null for plain ones.
  const double *radii;
} CVoroPoints;

/// The Voronoi cells of points; coordinates in the frame of the box.
typedef struct {
  /// Number of cells, in the order of the points.
  int64_t cell_count;
  /// Volume of each cell.
  double *volumes;
  /// End of the faces of each cell in the arrays of faces; they start where the cell before ends.
  int64_t *face_ends;
  /// The point on the other side of each face.
  int32_t *neighbours;
  /// Area of each face.
  double *areas;
  /// Centre of gravity of each face, 3 numbers each.
  double *centres;
  /// End of the vertices of each cell in `vertices`.
  int64_t *vertex_ends;
  /// The vertices, 3 numbers each.
  double *vertices;
} CVoroCells;

enum {
  /// All cells were found.
  CVORO_OK = 0,
  /// A cell could not be computed.
  CVORO_FAILED = 1,
  /// There is not enough memory.
  CVORO_OUT_OF_MEMORY = 2
};

/// Computes the cells of the points from `first` up to but not including `last`, among all points; of
/// different ranges also at the same time.
///
/// The points must lie apart, and the box must be reduced: voro++ ends the program if a box is so flat
/// that its own cell reaches over more than ten images.
int32_t cvoro_cells(const CVoroPoints *points, int32_t first, int32_t last, CVoroCells *cells);
void cvoro_free(CVoroCells *cells);

#ifdef __cplusplus
}
#endif

#endif
