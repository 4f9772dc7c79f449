// Who may come to this door, and finding somebody in it: initials, badge, last digits of the phone, name.

const MOST = 8;

function pattern(query) {
  // A display name has stars where letters are hidden; somebody who types the whole name finds it all the same.
  return (name) => name.length === query.length && [...name].every((letter, i) => letter === "*" || letter === query[i]);
}

export class People {
  constructor(rows) {
    this.rows = rows;
    this.byId = new Map();
    this.byBadge = new Map();
    for (const row of rows) this.add(row);
  }

  add(row) {
    row.find = `${row.initials || ""}`.toLowerCase();
    this.byId.set(row.id, row);
    if (row.badge) this.byBadge.set(String(row.badge).toLowerCase(), row);
  }

  get size() { return this.byId.size; }

  get(id) { return this.byId.get(id) || null; }

  /** Somebody by exactly this badge number. */
  badge(text) { return this.byBadge.get(text.toLowerCase()) || null; }

  /** The best matches of what is typed; exact ones first. */
  search(typed) {
    const query = typed.trim().toLowerCase();
    if (!query) return [];
    const digits = /^\d+$/.test(query);
    const named = pattern(query);
    const ranks = [[], [], []];
    for (const row of this.byId.values()) {
      const badge = String(row.badge || "").toLowerCase();
      const name = row.name.toLowerCase();
      if (badge === query || row.find === query || name === query || (digits && row.phone === query)) ranks[0].push(row);
      else if (row.find.startsWith(query) || named(name) || (digits && query.length >= 2 && row.phone && row.phone.endsWith(query))) ranks[1].push(row);
      else if (badge.startsWith(query) || (!digits && name.startsWith(query))) ranks[2].push(row);
      if (ranks[0].length >= MOST) break;
    }
    return ranks.flat().slice(0, MOST);
  }
}
