#include "CVoro.h"

#include <voro++/voro++.hh>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

namespace {

struct Cell {
  bool found = false;
  double volume = 0;
  std::vector<int> neighbours;
  std::vector<double> areas, centres, vertices;
};

/// The centre of gravity of a flat convex polygon, as a fan of triangles around its first corner.
void append_centre(const std::vector<double> &points, const int *corners, int count,
                   std::vector<double> &centres) {
  const double *a = &points[3 * static_cast<size_t>(corners[0])];
  double sum[3] = {0, 0, 0}, total = 0;
  for (int k = 1; k + 1 < count; k++) {
    const double *b = &points[3 * static_cast<size_t>(corners[k])];
    const double *c = &points[3 * static_cast<size_t>(corners[k + 1])];
    const double u[3] = {b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const double v[3] = {c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    const double n[3] = {u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2],
                         u[0] * v[1] - u[1] * v[0]};
    const double area = std::sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2]);
    total += area;
    for (int i = 0; i < 3; i++) sum[i] += area * (a[i] + b[i] + c[i]) / 3;
  }
  for (int i = 0; i < 3; i++) centres.push_back(total > 0 ? sum[i] / total : a[i]);
}

void describe(voro::voronoicell_neighbor &shape, double x, double y, double z, Cell &cell) {
  cell.volume = shape.volume();
  shape.neighbors(cell.neighbours);
  shape.face_areas(cell.areas);
  shape.vertices(x, y, z, cell.vertices);
  std::vector<int> corners;  // number of corners, corners, and so on
  shape.face_vertices(corners);
  for (size_t k = 0; k < corners.size(); k += static_cast<size_t>(corners[k]) + 1) {
    append_centre(cell.vertices, &corners[k + 1], corners[k], cell.centres);
  }
}

template <typename To, typename From>
To *copied(const std::vector<From> &values) {
  To *copy = static_cast<To *>(std::malloc(std::max<size_t>(1, values.size()) * sizeof(To)));
  if (!copy) throw std::bad_alloc();
  for (size_t i = 0; i < values.size(); i++) copy[i] = static_cast<To>(values[i]);
  return copy;
}

void put(voro::container_periodic &container, int id, const double *point, const double *) {
  container.put(id, point[0], point[1], point[2]);
}

void put(voro::container_periodic_poly &container, int id, const double *point,
         const double *radii) {
  container.put(id, point[0], point[1], point[2], radii[id]);
}

template <typename Container>
int32_t compute(const CVoroPoints &points, int32_t first, int32_t last, CVoroCells *out) {
  // About five points in a block, as the manual of voro++ advises.
  const double *box = points.box;
  const double edge = std::cbrt(5 * box[0] * box[2] * box[5] / std::max(1, points.count));
  auto blocks = [edge](double size) {
    return static_cast<int>(std::clamp(size / edge, 1.0, 200.0));
  };
  Container container(box[0], box[1], box[2], box[3], box[4], box[5], blocks(box[0]),
                      blocks(box[2]), blocks(box[5]), 16);
  for (int32_t i = 0; i < points.count; i++) {
    put(container, i, points.positions + 3 * static_cast<size_t>(i), points.radii);
  }
  std::vector<Cell> cells(static_cast<size_t>(last - first));
  voro::c_loop_all_periodic loop(container);
  voro::voronoicell_neighbor shape;
  if (loop.start()) do {
      const int32_t id = loop.pid();
      if (id < first || id >= last) continue;
      Cell &cell = cells[static_cast<size_t>(id - first)];
      cell.found = container.compute_cell(shape, loop);
      if (cell.found) describe(shape, loop.x(), loop.y(), loop.z(), cell);
    } while (loop.inc());
  std::vector<double> volumes, areas, centres, vertices;
  std::vector<int64_t> face_ends, vertex_ends;
  std::vector<int> neighbours;
  for (const Cell &cell : cells) {
    // Between larger neighbours a point may have no radical cell at all.
    if ((!cell.found && !points.radii) || cell.areas.size() != cell.neighbours.size() ||
        cell.centres.size() != 3 * cell.areas.size()) {
      return CVORO_FAILED;
    }
    volumes.push_back(cell.volume);
    neighbours.insert(neighbours.end(), cell.neighbours.begin(), cell.neighbours.end());
    areas.insert(areas.end(), cell.areas.begin(), cell.areas.end());
    centres.insert(centres.end(), cell.centres.begin(), cell.centres.end());
    vertices.insert(vertices.end(), cell.vertices.begin(), cell.vertices.end());
    face_ends.push_back(static_cast<int64_t>(areas.size()));
    vertex_ends.push_back(static_cast<int64_t>(vertices.size() / 3));
  }
  out->cell_count = static_cast<int64_t>(cells.size());
  out->volumes = copied<double>(volumes);
  out->face_ends = copied<int64_t>(face_ends);
  out->neighbours = copied<int32_t>(neighbours);
  out->areas = copied<double>(areas);
  out->centres = copied<double>(centres);
  out->vertex_ends = copied<int64_t>(vertex_ends);
  out->vertices = copied<double>(vertices);
  return CVORO_OK;
}

}  // namespace

int32_t cvoro_cells(const CVoroPoints *points, int32_t first, int32_t last, CVoroCells *cells) {
  std::memset(cells, 0, sizeof *cells);
  int32_t status;
  try {
    status = points->radii ? compute<voro::container_periodic_poly>(*points, first, last, cells)
                           : compute<voro::container_periodic>(*points, first, last, cells);
  } catch (const std::bad_alloc &) {
    status = CVORO_OUT_OF_MEMORY;
  } catch (...) {
    status = CVORO_FAILED;
  }
  if (status != CVORO_OK) cvoro_free(cells);
  return status;
}

void cvoro_free(CVoroCells *cells) {
  std::free(cells->volumes);
  std::free(cells->face_ends);
  std::free(cells->neighbours);
  std::free(cells->areas);
  std::free(cells->centres);
  std::free(cells->vertex_ends);
  std::free(cells->vertices);
  std::memset(cells, 0, sizeof *cells);
}
