// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20Burnable} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Burnable.sol";
import {IERC20, SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Errors} from "./Errors.sol";
import {IFeePool, Payment} from "./Interfaces.sol";
import {Module} from "./Module.sol";
import {StakeVault} from "./StakeVault.sol";

/// @title Holds stakes, escrows and dispute fees, and pays them out
/// @dev Every token of a job passes through here: employers approve this contract for reward + fee.
contract StakeManager is StakeVault {
    using SafeERC20 for IERC20;

    address public jobRegistry;
    address public disputeModule;
    IFeePool public feePool;
    address public treasury;
    /// @notice Whole percent; kept for readers of v2. A job pays the registry's feePct and validatorRewardPct.
    uint256 public feePct;
    uint256 public validatorRewardPct;
    /// @notice Whole percent of the agent's pay that is burnt.
    uint256 public burnPct;
    /// @notice Whole percent of lost escrows and stakes that goes to the employer; the rest to the treasury.
    uint256 public employerSlashPct;
    /// @notice Base units in escrow per job (bytes32(jobId)).
    mapping(bytes32 jobId => uint256) public jobEscrows;
    /// @notice Base units of dispute fees held.
    uint256 public disputeFees;

    event StakeEscrowLocked(bytes32 indexed jobId, address indexed from, uint256 amount);
    event StakeReleased(bytes32 indexed jobId, address indexed to, uint256 amount);
    event RewardPaid(bytes32 indexed jobId, address indexed to, uint256 amount);
    event TokensBurned(bytes32 indexed jobId, uint256 amount);
    event EscrowPenaltyApplied(bytes32 indexed jobId, address indexed employer, uint256 amount, uint256 employerShare);
    event StakeSlashed(address indexed user, uint8 indexed role, address indexed employer, uint256 amount);
    event DisputeFeeLocked(address indexed payer, uint256 amount);
    event DisputeFeePaid(address indexed to, uint256 amount);
    event PercentagesUpdated(uint256 feePct, uint256 burnPct, uint256 validatorRewardPct);
    event SlashingPercentagesUpdated(uint256 employerSlashPct, uint256 treasurySlashPct);
    event TreasuryUpdated(address indexed treasury);

    modifier onlyJobRegistry() {
        if (_msgSender() != jobRegistry) revert Errors.OnlyJobRegistry();
        _;
    }

    modifier onlyDisputeModule() {
        if (_msgSender() != disputeModule) revert Errors.OnlyDisputeModule();
        _;
    }

    constructor(address governance, address forwarder, ERC20Burnable token_, uint256 minStake_, uint256 burnPct_)
        Module(governance, forwarder)
        StakeVault(token_, minStake_)
    {
        if (burnPct_ > 100) revert Errors.InvalidPercentages();
        burnPct = burnPct_;
        employerSlashPct = 100;
    }

    /// @notice Takes a job's reward + fee from the employer into escrow.
    /// Errors: OnlyJobRegistry, ERC20InsufficientAllowance, ERC20InsufficientBalance.
    function lockReward(bytes32 jobId, address from, uint256 amount) external onlyJobRegistry whenNotPaused nonReentrant {
        jobEscrows[jobId] += amount;
        IERC20(address(token)).safeTransferFrom(from, address(this), amount);
        emit StakeEscrowLocked(jobId, from, amount);
    }

    /// @notice Returns a job's whole escrow (cancelled, expired). Errors: OnlyJobRegistry, InsufficientEscrow.
    function releaseEscrow(bytes32 jobId, address to) external onlyJobRegistry whenNotPaused nonReentrant {
        _send(jobId, to, _takeEscrow(jobId));
    }

    /// @notice Shares a failed job's whole escrow by the slash split. Errors: OnlyJobRegistry, InsufficientEscrow.
    function redistributeEscrow(bytes32 jobId, address employer) external onlyJobRegistry whenNotPaused nonReentrant {
        uint256 amount = _takeEscrow(jobId);
        uint256 employerShare = _split(jobId, employer, amount);
        emit EscrowPenaltyApplied(jobId, employer, amount, employerShare);
    }

    /// @notice Pays a successful job: validators, agent less burn, fee pool; parts are floored and sum exactly.
    /// Errors: OnlyJobRegistry, InsufficientEscrow.
    /// @return agentPaid Base units that the agent received.
    function payJob(bytes32 jobId, Payment calldata p)
        external
        onlyJobRegistry
        whenNotPaused
        nonReentrant
        returns (uint256 agentPaid)
    {
        if (_takeEscrow(jobId) != p.reward + p.fee) revert Errors.InsufficientEscrow();
        uint256 pot = p.validators.length == 0 ? 0 : (p.reward * p.validatorPct) / 100;
        _payValidators(jobId, pot, p.validators, p.weights);
        uint256 burnt = ((p.reward - pot) * burnPct) / 100;
        agentPaid = p.reward - pot - burnt;
        _burn(jobId, burnt);
        _pay(jobId, p.agent, agentPaid);
        _payFee(jobId, p.fee);
    }

    /// @notice Locks a part of an agent's stake for a job. Errors: OnlyJobRegistry, InsufficientStake.
    /// @param until Unix seconds, told to readers; the lock ends with the job.
    function lockStake(address user, uint256 amount, uint64 until) external onlyJobRegistry {
        _lock(user, amount, until);
    }

    /// @notice Ends a lock. Errors: OnlyJobRegistry, InsufficientLocked.
    function unlockStake(address user, uint256 amount) external onlyJobRegistry {
        _unlock(user, amount);
    }

    /// @notice Takes stake by the slash split, at most what is there. Errors: OnlyJobRegistry, InvalidRole.
    function slash(address user, uint8 role, uint256 amount, address employer)
        external
        onlyJobRegistry
        whenNotPaused
        nonReentrant
    {
        _checkRole(role);
        uint256 taken = _takeStake(user, role, amount);
        _split(bytes32(0), employer, taken);
        emit StakeSlashed(user, role, employer, taken);
    }

    /// @notice Takes a dispute fee; needs an approval to this contract. Errors: OnlyDisputeModule, ERC20 errors.
    function lockDisputeFee(address payer, uint256 amount) external onlyDisputeModule whenNotPaused nonReentrant {
        disputeFees += amount;
        IERC20(address(token)).safeTransferFrom(payer, address(this), amount);
        emit DisputeFeeLocked(payer, amount);
    }

    /// @notice Pays a dispute fee out. Errors: OnlyDisputeModule.
    function payDisputeFee(address to, uint256 amount) external onlyDisputeModule whenNotPaused nonReentrant {
        disputeFees -= amount;
        IERC20(address(token)).safeTransfer(to, amount);
        emit DisputeFeePaid(to, amount);
    }

    /// @notice Names the modules that may call here. Errors: NotGovernance.
    function setModules(address registry, address disputes, IFeePool pool) external onlyOwner {
        (jobRegistry, disputeModule, feePool) = (registry, disputes, pool);
    }

    /// @notice Whole percent 0 to 100; shown only, a job pays the registry's. Errors: NotGovernance, InvalidPercentages.
    function setFeePct(uint256 pct) external onlyOwner {
        _setPercentages(pct, burnPct, validatorRewardPct);
    }

    /// @notice Whole percent of the agent's pay that is burnt. Errors: NotGovernance, InvalidPercentages.
    function setBurnPct(uint256 pct) external onlyOwner {
        _setPercentages(feePct, pct, validatorRewardPct);
    }

    /// @notice Whole percent 0 to 100; shown only, a job pays the registry's. Errors: NotGovernance, InvalidPercentages.
    function setValidatorRewardPct(uint256 pct) external onlyOwner {
        _setPercentages(feePct, burnPct, pct);
    }

    /// @notice Splits lost escrows and stakes; whole percent that sum to 100. Errors: NotGovernance, InvalidPercentages.
    function setSlashingPercentages(uint256 employerPct, uint256 treasuryPct) external onlyOwner {
        if (employerPct > 100 || treasuryPct != 100 - employerPct) revert Errors.InvalidPercentages();
        employerSlashPct = employerPct;
        emit SlashingPercentagesUpdated(employerPct, treasuryPct);
    }

    /// @notice Names the treasury; with none its share is burnt. Errors: NotGovernance.
    function setTreasury(address account) external onlyOwner {
        treasury = account;
        emit TreasuryUpdated(account);
    }

    function _setPercentages(uint256 fee, uint256 burnt, uint256 validators) private {
        if (fee > 100 || burnt > 100 || validators > 100 || fee + burnt + validators > 100) {
            revert Errors.InvalidPercentages();
        }
        (feePct, burnPct, validatorRewardPct) = (fee, burnt, validators);
        emit PercentagesUpdated(fee, burnt, validators);
    }

    function _takeEscrow(bytes32 jobId) private returns (uint256 amount) {
        amount = jobEscrows[jobId];
        if (amount == 0) revert Errors.InsufficientEscrow();
        delete jobEscrows[jobId];
    }

    function _split(bytes32 jobId, address employer, uint256 amount) private returns (uint256 employerShare) {
        employerShare = (amount * employerSlashPct) / 100;
        uint256 rest = amount - employerShare;
        _send(jobId, employer, employerShare);
        if (treasury == address(0)) _burn(jobId, rest);
        else _send(jobId, treasury, rest);
    }

    /// @dev Floors each share; what is left goes to the heaviest, so that the shares sum to the pot.
    function _payValidators(bytes32 jobId, uint256 pot, address[] calldata who, uint256[] calldata weights) private {
        uint256 total;
        uint256 heaviest;
        for (uint256 i = 0; i < who.length; i++) {
            total += weights[i];
            if (weights[i] > weights[heaviest]) heaviest = i;
        }
        uint256 left = pot;
        for (uint256 i = 0; i < who.length; i++) left -= (pot * weights[i]) / total;
        for (uint256 i = 0; i < who.length; i++) {
            _pay(jobId, who[i], (pot * weights[i]) / total + (i == heaviest ? left : 0));
        }
    }

    function _pay(bytes32 jobId, address to, uint256 amount) private {
        if (amount == 0) return;
        IERC20(address(token)).safeTransfer(to, amount);
        emit RewardPaid(jobId, to, amount);
    }

    function _send(bytes32 jobId, address to, uint256 amount) private {
        if (amount == 0) return;
        IERC20(address(token)).safeTransfer(to, amount);
        emit StakeReleased(jobId, to, amount);
    }

    function _burn(bytes32 jobId, uint256 amount) private {
        if (amount == 0) return;
        token.burn(amount);
        emit TokensBurned(jobId, amount);
    }

    function _payFee(bytes32 jobId, uint256 fee) private {
        if (fee == 0) return;
        IERC20(address(token)).safeTransfer(address(feePool), fee);
        feePool.depositFee(fee);
        emit StakeReleased(jobId, address(feePool), fee);
    }
}
