public import Crystal

extension DisorderedCrystal {
  /// The arrangement problem of the crystal in a supercell: whole numbers near to the occupancies, and
  /// a note for each that had to be rounded.
  ///
  /// - Parameters:
  ///   - supercell: How often the unit cell is repeated; see ``supercellProposals(maximumIndex:tolerance:limit:oxidation:)``.
  ///   - rounding: What to do with a number that is not whole within its tolerance.
  ///   - chosen: Numbers that the user chose for some labels instead; an element that is not listed
  ///     takes the rest.
  ///   - oxidation: Rules that come before the oxidation numbers of the structure.
  ///   - chargePolicy: Whether a cell with a net charge is accepted.
  ///   - tolerance: What an occupancy may be off; nil takes what each is known to.
  /// - Returns: A specification whose notes explain what was assumed and rounded.
  /// - Throws: ``InputErrors`` for numbers that do not fit, with the nearest that do, and for a charge
  ///   that does not vanish, with nearby numbers with which it would.
  public func specification(
    supercell: SupercellMatrix = .identity, rounding: ProblemSpecification.Rounding = .refuse,
    counts chosen: [ProblemSpecification.LabelCounts] = [],
    oxidation: [Element: ProblemSpecification.OxidationRule] = [:],
    chargePolicy: ProblemSpecification.ChargePolicy = .neutral, tolerance: Double? = nil
  ) throws(InputErrors) -> ProblemSpecification {
    let cells = supercell.cellCount
    var entries = counts(cells: cells)
    var problems: [InputError] = []
    var fromUser: Set<String> = []
    for choice in chosen {
      guard let n = entries.firstIndex(where: { $0.group.label == choice.label }) else {
        problems.append(unknownLabel(choice.label))
        continue
      }
      fromUser.insert(choice.label)
      do {
        try entries[n].take(choice)
      } catch {
        problems.append(error.inside("counts: \(choice.label)"))
      }
    }
    if rounding == .refuse {
      problems += entries.filter { !fromUser.contains($0.group.label) }
        .compactMap { misfit($0, tolerance: tolerance) }
      if let last = problems.indices.last, problems[last].hint == nil {
        problems[last].hint = supercellHint(tolerance: tolerance)
      }
    }
    if !problems.isEmpty { throw InputErrors(problems) }

    let balance = ChargeBalance(self, entries, cells: cells, given: oxidation)
    var notes = self.notes + entries.flatMap(\.notes) + balance.notes
    if !balance.isNeutral {
      let neutral = neutralSupercell(tolerance, oxidation)
      let explanation = chargeExplanation(balance, cells: cells, neutral: neutral)
      guard chargePolicy == .background else { throw InputErrors([explanation]) }
      notes.append(explanation.message + (explanation.hint.map { "; \($0)" } ?? ""))
    }
    var allowed = [[Element]](repeating: [], count: parent.count)
    for group in groups {
      for site in group.sites { allowed[site] = group.elements }
    }
    return ProblemSpecification(
      parent: parent, allowed: allowed, supercell: supercell, counts: entries.map(\.labelCounts),
      oxidation: balance.rules, rounding: rounding, chargePolicy: chargePolicy, notes: notes)
  }

  private func unknownLabel(_ label: String) -> InputError {
    let mixed = groups.filter(\.isMixed).map(\.label)
    let isFixed = groups.contains { $0.label == label }
    return InputError(
      isFixed
        ? "all sites of \(label) are filled by one element: nothing to count"
        : "there are no sites with the label \(label)", at: "counts: \(label)",
      hint: nearestMatch(to: label, among: mixed).map { "did you mean \($0)?" }
        ?? "labels are \(mixed.joined(separator: ", "))")
  }

  /// What is wrong with a group whose numbers are not whole; nil if they are.
  private func misfit(_ entry: GroupCounts, tolerance: Double?) -> InputError? {
    guard entry.excess(tolerance: tolerance) > 1 else { return nil }
    let parts = entry.group.occupants.indices.compactMap { n -> String? in
      let occupant = entry.group.occupants[n]
      let allowed = tolerance ?? occupant.tolerance
      guard !occupant.element.isVacancy, entry.deviation(n).magnitude > allowed + 1e-9 else {
        return nil
      }
      let exact = entry.share(n)
      let below = Int(exact.rounded(.down))
      let options = [below, below + 1].map {
        "\($0) (\(fixed(Double($0) / Double(entry.siteCount), 4)))"
      }
      return "\(entry.name(n)): \(shortest(occupant.occupancy)) × \(entry.siteCount) = "
        + "\(fixed(exact, 3)) is not whole within \(shortest(allowed)) per site; nearest are "
        + options.joined(separator: " and ")
    }
    return InputError(parts.joined(separator: "; "), at: "occupancy")
  }

  /// How to mend numbers that are not whole.
  private func supercellHint(tolerance: Double?) -> String {
    let proposals = supercellProposals(tolerance: tolerance, limit: 1)
    let accept = "or accept the nearest numbers with --round"
    guard let first = proposals.fitting.first else {
      let closest = proposals.closest
      return
        "no supercell up to \(DisorderedCrystal.defaultMaximumIndex) cells fits; \(closest.supercell) "
        + "comes nearest, with occupancies off by \(shortest(closest.largestDeviation)) at most, \(accept)"
    }
    return
      "the smallest supercell that fits is \(first.supercell) (\(first.index) cells), \(accept)"
  }

  /// How much charge is left, whose fault it is, and which numbers would be neutral.
  private func chargeExplanation(
    _ balance: ChargeBalance, cells: Int, neutral: SupercellProposal?
  ) -> InputError {
    let charge = balance.netCharge ?? 0
    var message = "the charges add up to \(fixed(charge, 3)) e, expected 0"
    if let mean = balance.meanCharge(of: self) {
      message +=
        mean.charge == 0
        ? "; the occupancies before rounding are neutral"
        : mean.charge.magnitude <= mean.uncertainty
          ? "; the occupancies before rounding are neutral within their uncertainty"
          : "; the occupancies before rounding carry \(fixed(mean.charge * Double(cells), 3)) e"
    }
    let neighbours = balance.neutralNeighbours()
    var hints: [String] = []
    if !neighbours.isEmpty {
      hints.append("nearby counts that are neutral: \(neighbours.joined(separator: "; or "))")
    }
    if let neutral, neutral.index != cells {
      hints.append(
        "the supercell \(neutral.supercell) (\(neutral.index) cells) fits and is neutral")
    }
    let redox = groups.flatMap(\.elements).filter(\.isRedoxActive).min()
    if let redox {
      hints.append("let \(redox) balance the charge (\(redox): auto, or --oxidation \(redox)=auto)")
    }
    hints.append("accept a compensating background with --allow-charge")
    return InputError(message, at: "oxidation", hint: hints.joined(separator: "; "))
  }
}

extension GroupCounts {
  /// Takes numbers that a user chose; an element that is not listed takes the rest.
  fileprivate mutating func take(
    _ choice: ProblemSpecification.LabelCounts
  ) throws(InputError) {
    let elements = group.elements
    for (element, count) in choice.counts.sorted(by: { $0.key < $1.key }) {
      guard elements.contains(element) else {
        throw InputError(
          "\(element) is counted but does not occur there",
          hint: "elements are \(list(Set(elements)))")
      }
      guard (0...siteCount).contains(count) else {
        throw InputError("\(count) \(element), expected 0 to \(siteCount)")
      }
    }
    let missing = elements.filter { choice.counts[$0] == nil }
    let listed = choice.counts.values.reduce(0, +)
    guard missing.count <= 1, listed <= siteCount, !missing.isEmpty || listed == siteCount else {
      throw InputError(
        "the numbers add up to \(listed) of \(siteCount) sites, and \(missing.count) elements are "
          + "not listed", hint: "give numbers for all but one of \(list(Set(elements)))")
    }
    counts = elements.map { choice.counts[$0] ?? siteCount - listed }
  }
}
