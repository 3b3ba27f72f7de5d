namespace LeadSens.Server.Secrets;

/// <summary>A sealed value cannot be opened: a wrong configuration or a changed database, never a state of the work.</summary>
/// <param name="reason">Goes on after "The value …".</param>
internal sealed class SealBrokenException(string reason, string context) : Exception($"The value of {context} {reason}.");
