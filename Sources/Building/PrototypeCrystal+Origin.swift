internal import Crystal
internal import Symmetry

extension PrototypeCrystal {
  /// The space group of a prototype in the setting that its coordinates refer to.
  ///
  /// - Throws: ``InputError`` if there is no such group; where the origin is missing, it says which
  ///   choice the coordinates fit.
  static func group(of prototype: Prototype) throws(InputError) -> SpaceGroup {
    do {
      return try SpaceGroup(prototype.spaceGroup, originChoice: prototype.originChoice)
    } catch {
      let place = prototype.originChoice == nil ? "spacegroup" : "origin"
      let fitting: [Int] = [1, 2].filter { origin in
        prototype.originChoice == nil
          && (try? SpaceGroup(prototype.spaceGroup, originChoice: origin))
            .map { fits(prototype, $0) } ?? false
      }
      let hint =
        fitting.count == 1
        ? "the coordinates fit origin choice \(fitting[0]): write origin: \(fitting[0])"
        : error.hint
      throw InputError(error.message, at: place, hint: hint)
    }
  }

  /// Names the other origin if the coordinates of all sites fit that one.
  static func wrongMultiplicity(
    _ found: Int, of site: PrototypeSite, in group: SpaceGroup, _ prototype: Prototype
  ) -> InputError {
    let message =
      "site \(site.label) has \(found) points per cell, expected \(site.multiplicity)"
    if let given = ["1": 1, "2": 2][group.choice],
      let other = try? SpaceGroup(number: group.number, originChoice: 3 - given),
      fits(prototype, other)
    {
      return InputError(
        "the coordinates fit origin choice \(3 - given) of \(group.symbol), not \(given): "
          + message,
        at: "origin",
        hint: "write origin: \(3 - given), or give coordinates for origin choice \(given)")
    }
    return InputError(
      message, at: "sites: \(site.label)",
      hint: "its coordinates lie on another Wyckoff position of \(group)")
  }

  /// Whether all sites have their multiplicities in a group.
  private static func fits(_ prototype: Prototype, _ group: SpaceGroup) -> Bool {
    prototype.sites.allSatisfy { group.orbit(of: $0.representative).count == $0.multiplicity }
  }
}
