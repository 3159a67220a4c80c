public import BigInt
internal import Crystal
internal import Foundation
internal import Report

extension CountRun.Result {
  /// The result as a JSON object; numbers that may exceed 2⁵³ are texts.
  public var json: JSONValue {
    var object: [String: JSONValue] = [
      "cellgen": .text(cellgenVersion), "supercell": .text("\(supercell)"),
      "sites": .integer(siteCount), "operations": .integer(operations),
      "permutations": .integer(permutations), "total": .text("\(total)"),
      "distinct": .text("\(distinct)"),
      "by_composition": .array(
        fillings.map { filling in
          .object([
            "composition": .text("\(filling.composition)"),
            "counts": .object(
              Dictionary(
                uniqueKeysWithValues: filling.counts.map { pool in
                  (
                    pool.labels,
                    .object(
                      Dictionary(
                        uniqueKeysWithValues: pool.counts.map {
                          ($0.element.symbol, .integer($0.count))
                        }))
                  )
                })),
            "charge_e": .optional(filling.charge), "total": .text("\(filling.total)"),
            "distinct": .text("\(filling.distinct)"),
          ])
        }),
      "warnings": .texts(warnings),
    ]
    if let forecast { object["forecast"] = forecast.json }
    if !derivatives.isEmpty {
      object["by_index"] = .array(
        derivatives.map {
          .object([
            "index": .integer($0.index), "supercells": .integer($0.supercells),
            "distinct_supercells": .integer($0.distinctSupercells),
            "distinct": .text("\($0.distinct)"), "primitive": .text("\($0.primitive)"),
          ])
        })
    }
    return .object(object)
  }

  /// The result for people.
  public var text: String {
    var lines: [String] = []
    lines.append(
      "\(siteCount) sites in a \(supercell) supercell, \(operations) symmetry operations"
        + (operations == permutations ? "" : " (\(permutations) on these sites)"))
    var table = Table(columns: ["composition", "species", "charge (e)", "arrangements", "distinct"])
    for filling in fillings {
      let species = filling.counts.map { pool in
        "\(pool.labels): "
          + pool.counts.map { "\($0.count) \($0.element.symbol)" }.joined(separator: ", ")
      }
      table.append([
        "\(filling.composition)", species.joined(separator: "; "),
        filling.charge.map { fixed($0, 2) } ?? "–", readable(filling.total),
        readable(filling.distinct),
      ])
    }
    if fillings.count > 1 {
      table.append(["all", "", "", readable(total), readable(distinct)])
    }
    lines.append(table.text)
    if !derivatives.isEmpty {
      var table = Table(
        title: "Distinct supercells and the arrangements in them",
        columns: ["cells", "supercells", "distinct", "arrangements", "not repeating"])
      for row in derivatives {
        table.append([
          "\(row.index)", "\(row.supercells)", "\(row.distinctSupercells)", "\(row.distinct)",
          "\(row.primitive)",
        ])
      }
      lines.append(table.text)
    }
    if let forecast { lines.append(forecast.text) }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// A count with all its digits, or as a power of ten with the number of digits.
public func readable(_ count: BigUInt) -> String {
  let digits = "\(count)"
  guard digits.count > 24 else { return digits }
  let head = digits.prefix(4)
  return "\(head.prefix(1)).\(head.dropFirst())e\(digits.count - 1)"
}

extension Forecast {
  /// The forecast as a JSON object.
  var json: JSONValue {
    .object([
      "rate_per_s": .real(rate),
      "enumerate": .object([
        "time_s": .real(enumerationSeconds), "memory_bytes": .real(memoryBytes),
        "disk_bytes": .real(compactBytes), "disk_csv_bytes": .real(csvBytes),
      ]),
      "rank_method": .text(method.rawValue),
    ])
  }

  /// The forecast for people.
  var text: String {
    var table = Table(
      title: "Forecast for this machine", columns: ["job", "time", "memory", "disk", ""])
    table.append([
      "enumerate", Forecast.time(enumerationSeconds), Forecast.bytes(memoryBytes),
      "\(Forecast.bytes(compactBytes)) (CSV \(Forecast.bytes(csvBytes)))",
      enumerationSeconds > 3.2e7 ? "out of reach: use --sample, --limit or rank" : "",
    ])
    let (time, remark) =
      switch method {
      case .exhaustive: ("under a second", "all are looked at: proved")
      case .branchAndBound:
        ("seconds to minutes", "branch and bound: a proof, or a gap after --nodes")
      case .geneticSearch: ("a minute", "too many sites for a proof: best found, with a gap")
      }
    table.append(["rank", time, Forecast.bytes(memoryBytes), "under 1 MB", remark])
    table.append([
      "anneal", "seconds to minutes", Forecast.bytes(memoryBytes), "under 1 MB",
      "occupancies at a temperature",
    ])
    return table.text
  }

  /// A time from microseconds to far too long.
  static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: "under a second"
    case ..<120: "\(fixed(seconds, 0)) s"
    case ..<7200: "\(fixed(seconds / 60, 0)) min"
    case ..<172_800: "\(fixed(seconds / 3600, 0)) h"
    case ..<3.2e7: "\(fixed(seconds / 86400, 0)) days"
    case ..<3.2e12: "\(fixed(seconds / 3.156e7, 0)) years"
    default: "over 100,000 years"
    }
  }

  /// A size in bytes, kB, MB, GB or TB.
  static func bytes(_ bytes: Double) -> String {
    switch bytes {
    case ..<1e3: "\(fixed(bytes, 0)) B"
    case ..<1e6: "\(fixed(bytes / 1e3, 0)) kB"
    case ..<1e9: "\(fixed(bytes / 1e6, 0)) MB"
    case ..<1e12: "\(fixed(bytes / 1e9, 1)) GB"
    case ..<1e15: "\(fixed(bytes / 1e12, 1)) TB"
    default: "over 1000 TB"
    }
  }
}
