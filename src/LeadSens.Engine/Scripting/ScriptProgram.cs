namespace LeadSens.Engine;

/// <summary>A script that was read.</summary>
/// <param name="Body">The body of a function that gives its value.</param>
/// <param name="Names">The functions it may call that are named after something of its definition.</param>
/// <param name="Bounded">What runs in this process; null when a host has to.</param>
internal sealed record ScriptProgram(string Body, IReadOnlyList<string> Names, BoundedScript? Bounded);
