using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace LeadSens.Server.Tests.Support;

/// <summary>Gives an authenticated caller the role that a header names, as long as keys have none.</summary>
internal sealed class TestRole(IHttpContextAccessor context) : IClaimsTransformation
{
    public const string Header = "X-Test-Role";

    public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        if (context.HttpContext?.Request.Headers[Header].ToString() is { Length: > 0 } role && !principal.HasClaim(ClaimTypes.Role, role))
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim(ClaimTypes.Role, role));
        return Task.FromResult(principal);
    }
}
