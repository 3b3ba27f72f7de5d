using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>Section <c>Limits</c>: by provider, what replaces the published limits (or, for a Sandbox account, the absence of any).</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    public Dictionary<string, AccountLimits> Accounts { get; } = new(StringComparer.OrdinalIgnoreCase);
}

internal sealed class LimitOptionsRules(IEnumerable<string> providers) : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = options.Accounts.SelectMany(account => Faults(account.Key, account.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private List<string> Faults(string provider, AccountLimits limits)
    {
        if (!providers.Contains(provider, StringComparer.OrdinalIgnoreCase))
            return [$"{LimitOptions.Section}__{provider}: there is no such provider; known are {string.Join(", ", providers)}"];
        var faults = new List<ValidationResult>();
        Validator.TryValidateObject(limits, new ValidationContext(limits), faults, validateAllProperties: true);
        return [.. faults.Select(fault => $"{LimitOptions.Section}__{provider}__{fault.MemberNames.FirstOrDefault()}: {fault.ErrorMessage}")];
    }
}
