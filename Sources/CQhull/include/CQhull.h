#ifndef CQHULL_H
#define CQHULL_H

/// The facets of a convex hull, copied out of qhull.
typedef struct {
  /// Number of facets; every facet has `dimension` vertices.
  int facet_count;
  /// Point numbers of the vertices, facet after facet: facet_count × dimension.
  int *vertices;
  /// Outward unit normal and offset of each facet: facet_count × (dimension + 1).
  double *planes;
  /// What qhull said, empty if nothing; never null after a call.
  char *message;
} CQhullFacets;

/// Computes the convex hull of `count` points, row after row, in `dimension` dimensions.
///
/// Facets that are no simplices are triangulated (option Qt). Nothing is printed.
/// Returns 0, or the exit code of qhull; `facets` has to be given to `cqhull_free` in both cases.
int cqhull_facets(int dimension, int count, const double *points, CQhullFacets *facets);

/// Frees what `cqhull_facets` allocated.
void cqhull_free(CQhullFacets *facets);

#endif
