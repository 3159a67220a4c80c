#include "CQhull.h"

#include <libqhull_r/qhull_ra.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_OF_MEMORY = 4 };  // qh_ERRmem

static int is_simplex(qhT *qh, facetT *facet, int dimension) {
  return facet->normal && qh_setsize(qh, facet->vertices) == dimension;
}

/// Copies the facets; runs where an error of qhull returns to the setjmp of the caller.
static int copy_facets(qhT *qh, int dimension, CQhullFacets *facets) {
  facetT *facet;
  vertexT *vertex, **vertexp;
  int count = 0;
  FORALLfacets {
    if (is_simplex(qh, facet, dimension)) count++;
  }
  size_t rows = count > 0 ? (size_t)count : 1;
  facets->vertices = malloc(rows * (size_t)dimension * sizeof(int));
  facets->planes = malloc(rows * ((size_t)dimension + 1) * sizeof(double));
  if (!facets->vertices || !facets->planes) return OUT_OF_MEMORY;
  int *vertices = facets->vertices;
  double *planes = facets->planes;
  FORALLfacets {
    if (!is_simplex(qh, facet, dimension)) continue;
    FOREACHvertex_(facet->vertices) *vertices++ = qh_pointid(qh, vertex->point);
    for (int i = 0; i < dimension; i++) *planes++ = facet->normal[i];
    *planes++ = facet->offset;
  }
  facets->facet_count = count;
  return 0;
}

int cqhull_facets(int dimension, int count, const double *points, CQhullFacets *facets) {
  memset(facets, 0, sizeof *facets);
  size_t length = 0;
  FILE *messages = open_memstream(&facets->message, &length);
  if (!messages) {
    facets->message = calloc(1, 1);
    return OUT_OF_MEMORY;
  }
  size_t size = (size_t)dimension * (size_t)count * sizeof(coordT);
  coordT *copy = malloc(size);
  volatile int status = OUT_OF_MEMORY;
  if (copy) {
    memcpy(copy, points, size);
    qhT state;
    qhT *qh = &state;
    QHULL_LIB_CHECK
    qh_zero(qh, messages);
    char options[] = "qhull Qt";
    status = qh_new_qhull(qh, dimension, count, copy, False, options, NULL, messages);
    if (!status) {
      qh->NOerrexit = False;
      status = setjmp(qh->errexit);
      if (!status) status = copy_facets(qh, dimension, facets);
      qh->NOerrexit = True;
    }
    int still_used = 0, blocks = 0;
    qh_freeqhull(qh, !qh_ALL);
    qh_memfreeshort(qh, &still_used, &blocks);
    free(copy);
  }
  fclose(messages);
  return status;
}

void cqhull_free(CQhullFacets *facets) {
  free(facets->vertices);
  free(facets->planes);
  free(facets->message);
  memset(facets, 0, sizeof *facets);
}
