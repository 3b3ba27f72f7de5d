namespace LeadSens.Server.Connections;

/// <summary>Where the Sandbox listens; null in production, where nothing may fall back to it.</summary>
internal sealed record SandboxOptions(string? Url);
