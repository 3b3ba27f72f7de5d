namespace LeadSens.Server.Data;

/// <summary>The connection strings of the database.</summary>
/// <param name="Runtime">As whom the Server works.</param>
/// <param name="Owner">Whose the tables are.</param>
internal sealed record DatabaseLogins(string Runtime, string Owner);
