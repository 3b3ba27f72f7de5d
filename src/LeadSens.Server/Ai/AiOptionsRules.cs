using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

internal sealed class AiOptionsRules : IValidateOptions<AiOptions>
{
    public ValidateOptionsResult Validate(string? name, AiOptions options)
    {
        var faults = options.Validate().ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
