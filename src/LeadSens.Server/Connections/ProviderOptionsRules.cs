using LeadSens.Server.Operations;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections;

/// <summary>Everything that is wrong with a vendor's section; production needs a credential for every vendor whose account all workspaces share.</summary>
internal sealed class ProviderOptionsRules<TOptions>(IHostEnvironment environment, IOptions<LeadSensOptions> house) : IValidateOptions<TOptions> where TOptions : ProviderOptions
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var faults = options.Validate(environment.IsProduction(), house.Value.SharedAccounts).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
