using LeadSens.Server.Data;

namespace LeadSens.Server.Suppressions;

/// <summary>The one condition that every check uses, for whole lists at once.</summary>
internal static class SuppressionSql
{
    /// <summary>SQL for what of the list holds an address: the address itself, one of its domains, <c>an erased person</c>, or another address of the same
    /// person; null: nothing does. Look-ups by index, the first that finds something ends it.</summary>
    /// <param name="workspace">With its table: a bare <c>workspace_id</c> would be the list's own.</param>
    /// <param name="key">With its table, too.</param>
    /// <param name="inner">The parameter with <see cref="SuppressionKey.Inner"/>.</param>
    /// <param name="outer">The parameter with <see cref="SuppressionKey.Outer"/>.</param>
    public static string Holding(string workspace, string key, string inner, string outer) => $"""
        (select found.value from (
            select listed.value from suppressions listed where listed.workspace_id = {workspace} and listed.kind = 'address' and listed.value = {key}
            union all
            select listed.value from suppressions listed where listed.workspace_id = {workspace} and listed.kind = 'domain' and listed.value = any(address_domains({key}))
            union all
            select 'an erased person' from suppressions listed where listed.workspace_id = {workspace} and listed.hash = address_hash({key}, {inner}, {outer})
            union all
            select listed.value from contact_emails mine
            join contact_emails other on other.contact_id = mine.contact_id and {SqlText.Check("other.workspace_id = mine.workspace_id")}
            join suppressions listed on listed.workspace_id = mine.workspace_id and listed.kind = 'address' and listed.value = other.address
            where mine.workspace_id = {workspace} and mine.address = {key}
            limit 1) found)
        """;
}
