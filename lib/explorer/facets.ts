/** What rows of a list are counted by. */

/** Something that rows are counted by. */
export interface Facet {
  heading: string;
  /** The select of `value, label, count` from a source with its `where`; default: the column. */
  read?: (source: string) => string;
}

/** By the organization, with its title. */
export const ORGANIZATION_FACET: Facet = {
  heading: "Organization",
  read: (source) => `
    with counted as (
      select organization_key, count(*) as count from ${source} group by all
    )
    select organization.organization_id as value, organization.title as label, counted.count
    from explorer.organizations as organization
    inner join counted on organization.organization_key = counted.organization_key
    order by counted.count desc, value limit 12`,
};

/** Whether any repository mentions it. */
export const MENTIONED: Facet = { heading: "Mentioned" };

/** A facet of datasets that stands in the mentions of them. */
export function throughMentions(heading: string, column: string): Facet {
  return {
    heading,
    read: (source) => `
      select ${column} as value, ${column} as label, count(distinct dataset_key) as count
      from explorer.mentions
      where counted_as = 'original' and dataset_key in (select dataset_key from ${source})
      group by all order by count desc, value limit 12`,
  };
}

/** The condition that belongs to it. */
export function mentionedWith(column: string): string {
  return `dataset_key in (
    select dataset_key from explorer.mentions
    where counted_as = 'original' and ${column} = $${column})`;
}
