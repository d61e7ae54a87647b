// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// @notice How one successful job is paid; all amounts in base units.
struct Payment {
    address agent;
    uint256 reward;
    uint256 fee;
    uint256 validatorPct;
    address[] validators;
    uint256[] weights;
}

interface IStakeManager {
    function lockReward(bytes32 jobId, address from, uint256 amount) external;
    function releaseEscrow(bytes32 jobId, address to) external;
    function redistributeEscrow(bytes32 jobId, address employer) external;
    function payJob(bytes32 jobId, Payment calldata payment) external returns (uint256 agentPaid);
    function lockStake(address user, uint256 amount, uint64 until) external;
    function unlockStake(address user, uint256 amount) external;
    function slash(address user, uint8 role, uint256 amount, address employer) external;
    function lockDisputeFee(address payer, uint256 amount) external;
    function payDisputeFee(address to, uint256 amount) external;
    function stakeOf(address user, uint8 role) external view returns (uint256);
    function roleMinimumStake(uint8 role) external view returns (uint256);
}

interface IFeePool {
    function depositFee(uint256 amount) external;
}

interface IIdentityRegistry {
    function verifyAgent(address claimant, string calldata subdomain, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes32 node, bool viaWrapper, bool viaMerkle);
    function verifyValidator(address claimant, string calldata subdomain, bytes32[] calldata proof)
        external
        view
        returns (bool ok, bytes32 node, bool viaWrapper, bool viaMerkle);
}

interface IValidationModule {
    function start(uint256 jobId, uint256 entropy) external;
    function payoutShares(uint256 jobId, bool success)
        external
        view
        returns (address[] memory validators, uint256[] memory weights);
}

interface IDisputeModule {
    function raiseDispute(uint256 jobId, address claimant, bytes32 evidenceHash, string calldata reason) external;
}

interface IJobRegistry {
    function getSpecHash(uint256 jobId) external view returns (bytes32);
    function participants(uint256 jobId) external view returns (address employer, address agent);
    function onValidationResult(uint256 jobId, bool success, address[] calldata validators) external;
    function forceFinalize(uint256 jobId) external;
    function resolveDispute(uint256 jobId, bool employerWins) external;
}

interface IPausable {
    function paused() external view returns (bool);
    function pause() external;
    function unpause() external;
}

interface INameWrapper {
    function ownerOf(uint256 id) external view returns (address);
}
