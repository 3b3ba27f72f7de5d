using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>Everything that is wrong with a vendor's section; production needs a credential for every vendor whose account all workspaces share.</summary>
/// <param name="shared"><see cref="LeadSensOptions.SharedAccounts"/>, whatever else is wrong there: all faults are listed at once.</param>
internal sealed class ProviderOptionsRules<TOptions>(IHostEnvironment environment, bool shared) : IValidateOptions<TOptions> where TOptions : ProviderOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var faults = options.Validate(environment.IsProduction(), shared).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
